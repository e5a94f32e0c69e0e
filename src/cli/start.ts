import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Config } from "../config.ts";
import { SETTINGS_FILE } from "../content/settings.ts";
import { createLogger } from "../lib/logger.ts";
import { type Account, serverAccount } from "../store/embedded/account.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { type Example, SENTENCES, startExample } from "./example.ts";
import { listeningAddresses, playgroundLink } from "./listening-addresses.ts";
import { EXIT, type Exit, type StartedServer, UsageError, type World } from "./world.ts";

/** `frontdesk start`: runs until asked to stop, then finishes work in progress. Asked twice, it stops at once. */
export async function startCommand(args: Arguments, world: World): Promise<Exit> {
  if (args.positionals.length > 0) throw new UsageError(`Unexpected argument ${args.positionals[0]}.`);
  const { config, env } = configurationOf(args, world);
  // Checked first, so that a mistyped folder gets no database.
  if (!existsSync(join(config.home, SETTINGS_FILE))) {
    throw new UsageError(
      `There is no ${SETTINGS_FILE} in ${config.home}; name its folder with --home or FRONTDESK_HOME.`,
    );
  }
  const log = createLogger({ level: config.logLevel ?? (world.err.isTTY === true ? "warn" : "info") });
  const stop = watchStop(world);
  const example = config.role === "web" ? null : await startExample(config.home, env, world);
  try {
    const running = await world.start({ config, log, env: { ...env, ...example?.env } });
    const account = config.databaseUrl === null ? await serverAccount(join(config.dataDir, "pg")) : null;
    world.out.write(greeting(config, { running, example, account }));
    await stop.requested;
    world.out.write("Stopping: finishing work in progress. Ctrl+C again stops at once.\n");
    await running.close();
    return EXIT.ok;
  } finally {
    stop.forget();
    await example?.close();
  }
}

interface Stopping {
  /** Resolves at the first request to stop. */
  requested: Promise<unknown>;
  forget(): void;
}

function watchStop(world: World): Stopping {
  const asking = new AbortController();
  const forget = world.onStop(() => {
    if (asking.signal.aborted) world.exit(EXIT.failed);
    asking.abort();
  });
  return { requested: once(asking.signal, "abort"), forget };
}

interface Facts {
  running: StartedServer;
  example: Example | null;
  /** The account that runs the embedded PostgreSQL; null when DATABASE_URL is set. */
  account: Account | null;
}

function greeting(config: Config, { running, example, account }: Facts): string {
  const database =
    config.databaseUrl === null
      ? `embedded PostgreSQL in ${relativeFolder(config.dataDir)}`
      : new URL(config.databaseUrl).host;
  const facts: [string, string][] = [
    ...addresses(config, running),
    ["Database", database],
    ...(account === null || account.switchTo === null ? [] : [["", `runs as ${account.name}`] as [string, string]]),
    ["Wake-ups", config.redisUrl === null ? "through that database" : `Redis at ${new URL(config.redisUrl).host}`],
  ];
  const lines = facts.map(([name, value]) => `  ${name.padEnd(11)} ${value}`);
  const role = config.role === "all" ? "" : ` (${config.role})`;
  return [
    `Frontdesk is running${role}.`,
    "",
    ...lines,
    "",
    ...unseenWarning(running),
    ...suggestions(config, example),
    "Ctrl+C stops it.",
    "",
  ].join("\n");
}

function unseenWarning({ unseen }: StartedServer): string[] {
  if (unseen.length === 0) return [];
  const reason = "the desk is on the playground, which shows only its own channels.";
  return [
    `WARNING: nobody sees the cases of ${unseen.join(", ")}: ${reason}`,
    "Use Slack as the desk: channels/slack/README.md.",
    "",
  ];
}

function relativeFolder(folder: string): string {
  const within = relative(process.cwd(), folder);
  return within === "" || within.startsWith("..") ? folder : within;
}

function addresses(config: Config, { url, adminUrl, pageToken }: StartedServer): [string, string][] {
  if (url === null || adminUrl === null) return [];
  const listed = listeningAddresses({ ...config, playground: pageToken !== null }, { url, adminUrl }).map(
    ({ what, at, who }): [string, string] => [what, `${at}  ${who}`],
  );
  if (pageToken === null) return listed;
  const link = playgroundLink(config, { adminUrl, token: pageToken });
  return [...listed, ["Link", `${link}  for another machine, valid once and for one hour`]];
}

function suggestions({ playground, role }: Config, example: Example | null): string[] {
  if (example === null || !playground || role === "worker") return [];
  const width = Math.max(...SENTENCES.map(([sentence]) => sentence.length));
  const lines = SENTENCES.map(([sentence, shows]) => `  ${sentence.padEnd(width)}   ${shows}`);
  return ["Write as the customer in the playground:", "", ...lines, ""];
}
