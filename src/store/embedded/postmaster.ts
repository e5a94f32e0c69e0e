import { type ChildProcess, spawn } from "node:child_process";
import { readFile, readlink, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../../lib/logger.ts";
import { type Cluster, serverEnvironment } from "./cluster.ts";

/** Last output lines that an explanation may quote. */
const REMEMBERED_LINES = 20;
/** Time for a shutdown, including its last checkpoint, before a stronger signal. */
const END_WITHIN_MS = 20_000;
const POLL_MS = 20;
const WRITTEN_WITHIN_MS = 500;

/** A server process started by us. */
export interface Postmaster {
  pid: number;
  /** True when it has exited. */
  ended(): boolean;
  /** Resolves when it has exited, with its last output. */
  end: Promise<string>;
}

/** Starts a server over the cluster. It is not ready yet and may exit at once: the caller connects to find out. */
export function spawnPostmaster(cluster: Cluster, { log }: { log: Logger }): Postmaster {
  const { folder, account, programs, pathOf, port } = cluster;
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    log_checkpoints: "off",
    // Statements and constraint details would put customers' texts into our log.
    log_min_messages: "log",
    log_min_error_statement: "panic",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(programs.postgres, ["-D", pathOf(folder), ...flags], {
    ...account.switchTo,
    env: serverEnvironment(),
    cwd: folder,
    // Its own process group: Ctrl-C in a terminal would stop it before we have drained.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  // An exit without stop() stops the server too; a killed process leaves it to the next start.
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
  const lines: string[] = [];
  if (child.stderr) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (lines.push(line) > REMEMBERED_LINES) lines.shift();
      if (/\b(FATAL|PANIC):(?!.* is (starting up|not yet accepting))/.test(line))
        log.warn({ text: line }, "postgres warned");
      else log.debug({ text: line }, "postgres output");
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`${error.message}\n${lines.join("\n")}`));
    // Not "close": backends that outlive a killed postmaster hold its stderr open.
    child.once("exit", () => setImmediate(() => resolve(lines.join("\n"))));
  });
}

/** A server that runs over a folder. */
export interface RunningServer {
  pid: number;
  port: number;
}

/**
 * Reads `postmaster.pid`; null when it is missing or incomplete, or its process has ended. Its lines: pid, folder, start
 * time, port …
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
 * True when process `pid` is a PostgreSQL over `folder`: the pid in a stale file may belong to another program by now.
 * Null when this system can't tell.
 */
export async function isServerOf(folder: string, pid: number): Promise<boolean | null> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
  if (commandLine === null) return isAlive(pid) ? null : false;
  const [program = "", ...flags] = commandLine.split("\0");
  if (!/postgres(\.exe)?$/.test(program)) return false;
  // Its flags may lack the folder's path, but the folder is always its working directory.
  return flags.includes(folder) || (await readlink(`/proc/${pid}/cwd`).catch(() => null)) === folder;
}

/** Removes a `postmaster.pid` of another program's process, with which PostgreSQL would refuse to start. */
export async function removeStalePidFile(folder: string): Promise<void> {
  await rm(join(folder, "postmaster.pid"), { force: true });
}

/** Removes an empty `postmaster.pid`, left by a power cut, after a pause in case it is being written. */
export async function removeEmptyPidFile(folder: string): Promise<void> {
  await pause(WRITTEN_WITHIN_MS);
  const text = await readFile(join(folder, "postmaster.pid"), "utf8").catch(() => "gone");
  if (text === "") await removeStalePidFile(folder);
}

/** Stops a server: disconnects its clients and keeps committed data. Resolves when it is gone. */
export async function endServer(folder: string, pid: number): Promise<void> {
  // The pid file is removed last. In a container an orphan may stay a zombie, since nothing reaps it.
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

/** Sends a signal; false when there is no such process. True for another user's process. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
