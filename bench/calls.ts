/** Calls between the bench and its child processes: one request, one answer, over Node's IPC channel. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

interface Request {
  id: number;
  name: string;
  argument: unknown;
}

interface Answer {
  id: number;
  value?: unknown;
  error?: string;
}

export type Handlers = Readonly<Record<string, (argument: never) => unknown>>;

/** In a child: answers the bench's calls, and exits when the bench does. */
export function answerCalls(handlers: Handlers): void {
  process.on("message", (request: Request) => void answer(request, handlers));
  process.on("disconnect", () => process.exit(0));
}

async function answer({ id, name, argument }: Request, handlers: Handlers): Promise<void> {
  try {
    const value = await handlers[name]?.(argument as never);
    process.send?.({ id, value } satisfies Answer);
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

/** A child process of the bench. */
export interface Child<Calls extends Handlers> extends AsyncDisposable {
  readonly pid: number;
  call<Name extends keyof Calls & string>(
    name: Name,
    argument: Parameters<Calls[Name]>[0],
  ): Promise<Awaited<ReturnType<Calls[Name]>>>;
}

interface ChildOptions {
  env?: Readonly<Record<string, string>>;
  /** Flags for Node, such as "--cpu-prof". */
  flags?: readonly string[];
}

/** Long enough to write a profile. */
const END_WITHIN_MS = 20_000;

/** Starts compiled JavaScript, as an installation runs it. Its standard output is dropped. */
export function startChild<Calls extends Handlers>(script: string, o: ChildOptions = {}): Child<Calls> {
  const child = fork(script, {
    execArgv: [...(o.flags ?? [])],
    env: { ...process.env, ...o.env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let serial = 0;
  child.on("message", (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.on("exit", (code, signal) => {
    for (const [id, tell] of waiting) tell({ id, error: `${script} ended (${signal ?? code})` });
  });
  return {
    pid: child.pid ?? 0,
    async call(name, argument) {
      const id = ++serial;
      const answered = new Promise<Answer>((tell) => waiting.set(id, tell));
      child.send({ id, name, argument } satisfies Request);
      const { value, error } = await answered;
      if (error !== undefined) throw new Error(`${name} failed: ${error}`);
      return value as never;
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  const impatience = setTimeout(() => child.kill("SIGKILL"), END_WITHIN_MS);
  child.disconnect();
  await ended;
  clearTimeout(impatience);
}
