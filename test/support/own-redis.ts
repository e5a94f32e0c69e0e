import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../src/store/embedded/cluster.ts";

/** A Redis that a test may wipe, kill and restart. */
export interface OwnRedis extends AsyncDisposable {
  url: string;
  /** Kills it, as by `kill -9`; all data is gone. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  /** FLUSHALL. */
  flush(): Promise<void>;
  /** Runs one command, e.g. "CLIENT KILL TYPE normal", and returns the first piece of its raw answer. */
  command(line: string): Promise<string>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 10_000;

/** Starts a throw-away Redis on a free port, without persistence. Needs `redis-server` on the PATH. */
export async function ownRedis(): Promise<OwnRedis> {
  const port = await freePort();
  let child = await start(port);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    stop: kill,
    [Symbol.asyncDispose]: kill,
    async restart() {
      await kill();
      child = await start(port);
    },
    async flush() {
      await command(port, "FLUSHALL");
    },
    command: (line) => command(port, line),
  };
}

async function start(port: number): Promise<ChildProcess> {
  const flags = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", flags, { stdio: "ignore", cwd: "/" });
  const onExit = () => child.kill("SIGKILL");
  process.once("exit", onExit);
  child.once("exit", () => process.removeListener("exit", onExit));
  const deadline = performance.now() + READY_WITHIN_MS;
  while ((await command(port, "PING").catch(() => "")) !== "+PONG\r\n") {
    if (performance.now() > deadline) throw new Error(`redis-server did not answer on port ${port}`);
    await pause(10);
  }
  return child;
}

function command(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port }, () => socket.write(`${line}\r\n`));
    socket.once("error", reject).once("close", () => reject(new Error("Redis closed the connection")));
    socket.once("data", (data) => {
      resolve(data.toString());
      socket.destroy();
    });
  });
}
