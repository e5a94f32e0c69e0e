import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { PROGRAM } from "./program.ts";

/** The product as a separate process, for tests that end it or make it stand still. */
export interface WorkerProcess extends AsyncDisposable {
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Sends SIGTERM; returns the exit code, null if a signal ended it. */
  stop(): Promise<number | null>;
  /** Makes it stand still, as by SIGSTOP. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  /** Its output on stderr so far. */
  output(): string;
}

export interface ProcessOptions {
  role?: "all" | "web" | "worker";
  /** Arguments of node that run the program; default: this build. */
  program?: readonly string[];
}

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Starts `frontdesk start` (default: as a worker) and resolves when it runs. Throws with its output if it fails. */
export async function startWorkerProcess(
  env: Readonly<Record<string, string>>,
  { role = "worker", program = PROGRAM }: ProcessOptions = {},
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [...program, "start", "--role", role], {
    cwd: PROJECT,
    env: { PATH: process.env["PATH"] ?? "", LOG_LEVEL: "warn", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const onExit = () => child.kill("SIGKILL");
  process.once("exit", onExit);
  child.once("exit", () => process.removeListener("exit", onExit));
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await waitUntilRunning(child, () => said);
  return {
    async kill() {
      await endProcess(child, "SIGKILL");
    },
    stop: () => endProcess(child, "SIGTERM"),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    output: () => said,
    async [Symbol.asyncDispose]() {
      await endProcess(child, "SIGKILL");
    },
  };
}

function waitUntilRunning(child: ChildProcess, said: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    let out = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes("Frontdesk is running")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`The worker ended with ${code}: ${said()}`)));
    child.once("error", reject);
  });
}

async function endProcess(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
  return child.exitCode;
}
