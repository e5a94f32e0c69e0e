/** Releases the content folder at the start, and in development after every change. */
import type { Config } from "../config.ts";
import { formatDiagnostic } from "../content/print.ts";
import { type ReadFolder, readContent } from "../content/read.ts";
import { type CompileFiles, createReleases, type ReleasedContent, type Releases } from "../content/releases.ts";
import { watchContent } from "../content/watch.ts";
import type { Diagnostic } from "../language/diagnostic.ts";
import type { Logger } from "../lib/logger.ts";
import type { Db } from "../store/db.ts";

interface ContentOptions {
  db: Db;
  log: Logger;
  compile: CompileFiles;
  config: Pick<Config, "home" | "production">;
  closers: (() => Promise<void>)[];
}

/** Interval at which a process checks for releases by other processes. */
const LOOK_EVERY_MS = 1_000;

/** Faulty content and no older release to run on. */
class ContentFault extends Error {
  override readonly name = "ContentFault";
}

/** Releases the folder's content; a fault leaves the previous release live. Throws ContentFault when there is none. */
export async function openContent(o: ContentOptions): Promise<Releases & { first: ReleasedContent }> {
  const releases = createReleases(o);
  await releases.refresh();
  const faults = await release(releases, o);
  const first = releases.live();
  if (first === null) throw new ContentFault(`The content in ${o.config.home} can't go live:\n${faults}`);
  const refreshing = setInterval(() => {
    releases.refresh().catch((error: unknown) => o.log.debug({ err: error }, "live release was not read"));
  }, LOOK_EVERY_MS).unref();
  o.closers.push(async () => clearInterval(refreshing));
  if (!o.config.production) {
    const watcher = watchContent(o.config.home, {
      onChange: async () => {
        await release(releases, o);
        remindOfRestart(first, releases.live(), o);
      },
      onFault: (error) => o.log.error({ err: error }, "content folder could not be watched"),
    });
    await watcher.ready;
    o.closers.push(async () => watcher[Symbol.asyncDispose]());
  }
  return { ...releases, first };
}

/** Warns when channels or the desk changed: unlike workflows, connectors and queues they are opened once, at the start. */
function remindOfRestart(first: ReleasedContent, live: ReleasedContent | null, { log }: ContentOptions): void {
  if (live === null || restartKey(first) === restartKey(live)) return;
  log.warn({ release: live.id }, "channels or desk changed in frontdesk.yaml: restart to use them");
}

const restartKey = ({ settings: { channels, desk } }: ReleasedContent): string => {
  const entries = Object.values(channels).map(({ name, adapter, entry }) => [name, adapter, entry]);
  return JSON.stringify([entries, desk]);
};

/** Releases the folder's content; returns its faults as text, "" when there are no errors. */
async function release(releases: Releases, { config, log }: ContentOptions): Promise<string> {
  const folder: ReadFolder = await readContent(config.home);
  const unread = folder.diagnostics;
  if (unread.length > 0) return report(unread, { log });
  try {
    const { diagnostics } = await releases.publish(folder.files, "content folder");
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    return errors.length === 0 ? "" : report(errors, { log });
  } catch (error) {
    log.error({ err: error }, "content could not be released");
    return error instanceof Error ? error.message : String(error);
  }
}

function report(faults: readonly Diagnostic[], { log }: { log: Logger }): string {
  for (const { file, line, column, code, message } of faults) {
    log.error({ at: `${file}:${line}:${column}`, code, fault: message }, "content was not released");
  }
  return faults.map(formatDiagnostic).join("\n");
}
