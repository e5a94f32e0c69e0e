import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The product as a separate process, for tests that end it. */
export interface WorkerProcess extends AsyncDisposable {
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Sends SIGTERM; returns the exit code, null if a signal ended it. */
  stop(): Promise<number | null>;
  /** Its output on stderr so far. */
  output(): string;
}

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Starts `frontdesk start --role worker` and resolves when it runs. Throws with its output if it fails. */
export async function startWorkerProcess(env: Readonly<Record<string, string>>): Promise<WorkerProcess> {
  const args = ["--import", "tsx", "src/main.ts", "start", "--role", "worker"];
  const child = spawn(process.execPath, args, {
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
