/** The worker role: folds turns, runs asks, sends parts, and sweeps while no other worker does. */

import type { Config, Environment } from "../config.ts";
import { type CallMemory, callOperation, createCallMemory } from "../connector/call.ts";
import { settleWrite } from "../connector/read-back.ts";
import { secretsFrom } from "../connector/secret.ts";
import type { Releases } from "../content/releases.ts";
import type { Settings } from "../content/settings.ts";
import { allowedSecrets } from "../content/settings-secrets.ts";
import type { DeskRegistry } from "../desk/desk.ts";
import type { DeskStore } from "../desk/desk-store.ts";
import { createPresenter } from "../desk/present.ts";
import type { ConnectorManifest } from "../domain/connector-schema.ts";
import { isDeskContent } from "../domain/desk-part.ts";
import { ceilingOf, type FileLimits } from "../domain/limits.ts";
import type { OpenChannel } from "../inbound/ingest.ts";
import type { Lanes } from "../jobs/lanes.ts";
import { createLogThrottle } from "../lib/log-throttle.ts";
import type { Logger } from "../lib/logger.ts";
import type { Meter } from "../lib/meter.ts";
import { own } from "../lib/own.ts";
import { PROCESS_NUMBER } from "../lib/process-number.ts";
import { remoteKey } from "../lib/remote-key.ts";
import { channelSender } from "../outbound/channel-sender.ts";
import { createDeliver } from "../outbound/deliver.ts";
import type { Sender } from "../outbound/sender.ts";
import { openSandbox } from "../sandbox/sandbox.ts";
import type { Db } from "../store/db.ts";
import { installationOf } from "../store/installation.ts";
import type { InForce } from "../store/settings-in-force.ts";
import type { CallOperation, SettleWrite } from "../turn/asks/call.ts";
import type { FetchFile } from "../turn/asks/fetch.ts";
import { createAskHandler } from "../turn/asks/handler.ts";
import type { CompleteRequest } from "../turn/asks/model.ts";
import type { CallAsk } from "../turn/core/ask.ts";
import type { Catalog } from "../turn/core/catalog.ts";
import { fetchFile } from "../turn/fetch-file.ts";
import { GONE_LANE, goneStream, startSweep } from "../turn/sweep.ts";
import { sweepChores } from "../turn/sweep-chores.ts";
import { createTurns } from "../turn/turns.ts";
import { fileUrl } from "./catalog.ts";
import { channelDeps } from "./channels.ts";
import { openModels } from "./models.ts";
import { promptReleases } from "./prompt-release.ts";

export interface WorkerOptions {
  config: Pick<Config, "publicUrl" | "home" | "openaiApiKey" | "openaiBaseUrl">;
  db: Db;
  lanes: Lanes;
  log: Logger;
  meter: Meter;
  env: Environment;
  channels: ReadonlyMap<string, OpenChannel>;
  desks: DeskRegistry;
  settings: Settings;
  releases: Releases;
  catalogs: (pinned: readonly number[]) => Promise<Catalog>;
  inForce: InForce;
  store: DeskStore;
}

/** Concurrent conversations: a turn waits only for the database, and shares its statements with the others. */
const TURN_SLOTS = 256;
/** Far more than all bulkheads together run: theirs are the slots that count (E5). */
const ANSWER_SLOTS = 4_096;
/** Concurrent threads of one channel: a slow recipient takes one slot, never the whole channel. */
const DELIVER_SLOTS = 256;

/** Starts all lanes of a worker; returns a function that stops them. */
export async function startWorker(o: WorkerOptions): Promise<() => Promise<void>> {
  // Rows that this process works on carry the number.
  o.log.info({ process: PROCESS_NUMBER }, "worker started");
  const installation = await installationOf(o.db);
  const senders = await openSenders(o, installation);
  const turns = createTurns({ ...o, catalog: o.catalogs });
  const live = () => o.releases.live()?.settings ?? o.settings;
  const limits = () => live().limits.files;
  const fetching = { db: o.db, connection: senders.connection, limits, onRefused: fileRefusals(o) };
  const fetch: FetchFile = (request) => fetchFile(fetching, request);
  const calls = createCalls({ env: o.env, installation, live, memory: memoryOf(o), log: o.log });
  const sandbox = openSandbox();
  const code = { procedure: procedureOf(o.releases), runCode: sandbox.run };
  const models = openModels({ ...o, live });
  const complete: CompleteRequest = (request, options) => models.complete(request, options);
  const model = { promptRelease: promptReleases(o.releases), complete };
  const answer = createAskHandler({ ...o, connector: connectorOf(o.releases), ...code, ...calls, fetch, model });
  const ceiling = (channel: string) => ceilingOf(live().limits, channel);
  const deliver = createDeliver({ ...o, sender: senders.of, ceiling });
  o.lanes.run("turn", (key) => turns(Number(key)), { slots: TURN_SLOTS });
  o.lanes.run("answer", answer, { slots: ANSWER_SLOTS, backlog: 0 });
  for (const channel of o.channels.keys()) {
    const handler = (thread: string, signal: AbortSignal) => deliver(channel, thread, signal);
    o.lanes.run(`deliver-${channel}`, handler, { slots: DELIVER_SLOTS });
  }
  const gone = (key: string, signal: AbortSignal) => {
    const { channel, thread } = goneStream(key);
    return deliver(channel, thread, signal);
  };
  o.lanes.run(GONE_LANE, gone, { slots: DELIVER_SLOTS });
  const hasChannel = (name: string) => Object.hasOwn(live().channels, name);
  const chores = sweepChores({ ...o, settings: live });
  const sweeping = startSweep({ ...o, hasChannel, chores });
  const stopping = new AbortController();
  const keeping = senders.keep(stopping.signal);
  return async () => {
    stopping.abort();
    await Promise.all([sweeping.stop(), keeping]);
    // Lanes drain first: parts being sent still need their connection.
    await o.lanes.close();
    await senders.close();
    await sandbox[Symbol.asyncDispose]();
  };
}

/** Counts every refused file and logs some of them. */
function fileRefusals({ log, meter }: WorkerOptions): (quota: keyof FileLimits, conversation: number) => void {
  const throttle = createLogThrottle();
  return (quota, conversation) => {
    meter.countFileRefused(quota);
    const more = throttle(quota);
    if (more !== null) log.warn({ conversation, quota, ...more }, "file not stored: quota used up");
  };
}

const connectorOf = (releases: Releases) => async (release: number, id: string) =>
  own((await releases.get(release))?.connectors ?? {}, id) ?? null;

const procedureOf = (releases: Releases) => async (release: number, id: string) =>
  (await releases.get(release))?.procedures.find((one) => one.id === id) ?? null;

function memoryOf({ config, log }: WorkerOptions): CallMemory {
  return createCallMemory({
    home: config.home,
    onChanged: (module) => log.warn({ module }, "module of a connector has changed: restart to use it"),
    onFault: (error) => log.error({ err: error }, "module of a connector could not be loaded"),
  });
}

interface CallsOptions {
  env: Environment;
  installation: string;
  live: () => Settings;
  memory: CallMemory;
  log: Logger;
}

/** The live frontdesk.yaml decides which secrets a connector may use, also for runs on an older release. */
function createCalls({ env, installation, live, memory, log }: CallsOptions): {
  call: CallOperation;
  settle: SettleWrite;
} {
  const prepared = (manifest: ConnectorManifest, request: CallAsk) => {
    const allowed = allowedSecrets(live(), manifest.id);
    const secrets = secretsFrom({ connector: manifest.id, allowed, env });
    const onFault = (error: unknown) =>
      log.error({ err: error, connector: manifest.id }, "function of a module failed");
    return { key: remoteKey(installation, request.key), secrets, memory, onFault };
  };
  return {
    call: async (manifest, request) =>
      callOperation(manifest, request.operation, { ...request, ...prepared(manifest, request) }),
    settle: async (manifest, request) =>
      settleWrite(manifest, request.operation, { ...request, ...prepared(manifest, request) }),
  };
}

async function openSenders(o: WorkerOptions, installation: string) {
  const { channels, desks, settings, config, db, log, store } = o;
  const connections = new Map(
    await Promise.all(
      [...channels].map(async ([name, { adapter, config: own }]) => {
        const deps = channelDeps(name, { config, log });
        const connection = await adapter.connect(own, deps);
        return [name, { adapter, config: own, connection, deps }] as const;
      }),
    ),
  );
  const senders = new Map<string, Sender>(
    [...connections].map(([name, open]) => [name, channelSender({ ...open, db, installation })]),
  );
  const { channel } = settings.desk;
  const openDesk = own(desks, settings.desk.adapter);
  const under = connections.get(channel);
  if (openDesk === undefined || under === undefined) {
    const known = Object.keys(desks).join(", ");
    throw new Error(`frontdesk.yaml: desk.adapter “${settings.desk.adapter}” can't be a desk; use one of: ${known}.`);
  }
  const desk = await (await openDesk()).open({ ...under, channel, store: store });
  const presenter = createPresenter({ db, channel, installation, desk, fileUrl: fileUrl(config) });
  return {
    of: (part: { channel: string; content: unknown }): Sender | null =>
      isDeskContent(part.content) ? presenter : (senders.get(part.channel) ?? null),
    connection: (name: string) => connections.get(name)?.connection ?? null,
    keep: async (signal: AbortSignal) => desk.sync?.(signal),
    close: async () => {
      await Promise.all([...connections.values()].map(({ connection }) => connection.close()));
    },
  };
}
