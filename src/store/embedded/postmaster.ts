import { type ChildProcess, spawn } from "node:child_process";
import { readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../lib/logger.ts";
import { type Cluster, serverEnvironment } from "./cluster.ts";

/** How many of the server's last words an explanation may quote. */
const REMEMBERED_LINES = 20;
/** How long a server may take to end by itself, its last checkpoint included, before it is made to. */
const END_WITHIN_MS = 20_000;
const POLL_MS = 20;
const WRITTEN_WITHIN_MS = 500;

/** A server process that we started. */
export interface Postmaster {
  pid: number;
  /** Tells whether it has ended. */
  ended(): boolean;
  /** Resolves when it has ended, with its last words. */
  end: Promise<string>;
}

/** Starts a server over the cluster. It is not yet ready, and may end at once: the caller connects to find out. */
export function spawnPostmaster(cluster: Cluster, { log }: { log: Logger }): Postmaster {
  const { folder, account, programs, pathOf, port } = cluster;
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    log_checkpoints: "off",
    // Statements and constraint details would carry customers' words into our log.
    log_min_messages: "log",
    log_min_error_statement: "panic",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(programs.postgres, ["-D", pathOf(folder), ...flags], {
    ...account.switchTo,
    env: serverEnvironment(),
    cwd: folder,
    // Its own process group: Ctrl-C in a terminal would end it before we have drained.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  // A process that exits without stop() takes its server along; one that is killed leaves it to the next start.
  const onExit = () => child.kill("SIGINT");
  process.once("exit", onExit);
  let ended = false;
  const end = collectOutput(child, log).finally(() => {
    ended = true;
    process.removeListener("exit", onExit);
  });
  return { pid: child.pid ?? 0, ended: () => ended, end };
}

async function collectOutput(child: ChildProcess, log: Logger): Promise<string> {
  const words: string[] = [];
  if (child.stderr) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (words.push(line) > REMEMBERED_LINES) words.shift();
      if (/\b(FATAL|PANIC):(?!.* is (starting up|not yet accepting))/.test(line))
        log.warn({ said: line }, "database server complained");
      else log.debug({ said: line }, "database server spoke");
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`${error.message}\n${words.join("\n")}`));
    // Not "close": backends that outlive a killed postmaster hold its stderr open.
    child.once("exit", () => setImmediate(() => resolve(words.join("\n"))));
  });
}

/** The server that runs, or ran, over a folder. */
export interface RunningServer {
  pid: number;
  port: number;
}

/**
 * The contents of `postmaster.pid`, or null where there is none or none that is whole. Its lines: pid, folder, start,
 * port …
 */
export async function runningServer(folder: string): Promise<RunningServer | null> {
  const text = await readFile(join(folder, "postmaster.pid"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const [pid, , , port] = text.split("\n").map(Number);
  return pid && port && isAlive(pid) ? { pid, port } : null;
}

/**
 * Tells whether process `pid` is a PostgreSQL over `folder`: a pid out of a stale file may belong to anybody by now.
 * Null where this system does not say.
 */
export async function isServerOf(folder: string, pid: number): Promise<boolean | null> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
  if (commandLine === null) return isAlive(pid) ? null : false;
  const [program = "", ...flags] = commandLine.split("\0");
  if (!/postgres(\.exe)?$/.test(program)) return false;
  // It may not have been told its folder's name, but it is always in there.
  return flags.includes(folder) || (await readlink(`/proc/${pid}/cwd`).catch(() => null)) === folder;
}

/** Removes a `postmaster.pid` whose process was found to be something else; PostgreSQL would refuse to start. */
export async function removeStalePidFile(folder: string): Promise<void> {
  await rm(join(folder, "postmaster.pid"), { force: true });
}

/** Removes a `postmaster.pid` without content, the remnant of a power cut; one that is being written is not so for long. */
export async function removeEmptyPidFile(folder: string): Promise<void> {
  await pause(WRITTEN_WITHIN_MS);
  const text = await readFile(join(folder, "postmaster.pid"), "utf8").catch(() => "gone");
  if (text === "") await removeStalePidFile(folder);
}

/** Ends a server: its clients are disconnected, what is committed is kept. Resolves when it is gone. */
export async function endServer(folder: string, pid: number): Promise<void> {
  // Its file is the last thing it removes. An orphan in a container may stay a zombie for ever: nobody reaps it.
  const isGone = async () => !isAlive(pid) || (await runningServer(folder))?.pid !== pid;
  // https://www.postgresql.org/docs/18/server-shutdown.html: SIGINT is a fast, SIGQUIT an immediate shutdown.
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (!send(pid, signal)) return;
    const deadline = performance.now() + END_WITHIN_MS;
    while (performance.now() < deadline) {
      if (await isGone()) return;
      await pause(POLL_MS);
    }
  }
}

function isAlive(pid: number): boolean {
  return send(pid, 0);
}

/** False where there is no such process. A process of somebody else's is there, too. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
