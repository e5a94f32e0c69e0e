/** Starts the measured programs, each a process of compiled JavaScript, and the platform. */
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "./calls.ts";
import { HOME } from "./home.ts";
import { ACCOUNT_SID, AUTH_TOKEN, channelEnvironment, OUR_NUMBER, type Platform } from "./platform.ts";
import type { Stage } from "./stage.ts";
import type { LineCalls, LineOptions } from "./subjects/line.ts";
import type { PlatformCalls } from "./subjects/platform.ts";
import type { PlayedCalls } from "./subjects/played.ts";
import type { RawBullmqCalls } from "./subjects/raw-bullmq.ts";
import type { SlowModelCalls } from "./subjects/slow-model.ts";
import type { TextbookCalls } from "./subjects/textbook.ts";

const BUILT = fileURLToPath(new URL("../dist/bench/", import.meta.url));

/** Node flags of `npm start` and the Dockerfile, for every subject. */
const NODE_FLAGS: readonly string[] = ["--max-semi-space-size=64"];

export interface Subject extends AsyncDisposable {
  pid: number;
  /** URL for webhooks. */
  url: string;
}

export interface RawBullmq extends AsyncDisposable {
  pid: number;
  /** Runs this many jobs; returns milliseconds. */
  run(messages: number): Promise<number>;
}

export interface SlowModel extends AsyncDisposable {
  /** Base URL of its API. */
  url: string;
  /** Resolves when so many requests wait for their answer. */
  held(requests: number): Promise<void>;
  /** Answers those that wait, each no sooner than its time. */
  release(): Promise<void>;
}

/** Starts the process that plays scenarios. */
export const startPlayer = (): Child<PlayedCalls> =>
  startChild<PlayedCalls>(`${BUILT}subjects/played.js`, { flags: NODE_FLAGS });

/** Starts the platform in its own process. */
export async function startPlatform(): Promise<Platform> {
  const child = startChild<PlatformCalls>(`${BUILT}subjects/platform.js`);
  const { url } = await child.call("listen", undefined);
  return {
    sinkUrl: url,
    post: (o) => child.call("post", o),
    delivered: (messages) => child.call("delivered", messages),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

interface OpenLine {
  stage: Pick<Stage, "redisUrl">;
  databaseUrl: string;
  platform: Platform;
  /** A Redis database that no other product uses. */
  redisDatabase: number;
  /** Default: all. */
  role?: LineOptions["role"];
  /** Default: warn. */
  logLevel?: LineOptions["logLevel"];
  /** Flags for Node: "--cpu-prof". */
  flags?: readonly string[];
  /** Default: home/. */
  home?: string;
  /** Variables beside those of the channel. */
  env?: Readonly<Record<string, string>>;
}

/** Starts the product. */
export async function openLine({ stage, databaseUrl, platform, ...o }: OpenLine): Promise<Subject> {
  const child = startChild<LineCalls>(`${BUILT}subjects/line.js`, {
    env: { ...channelEnvironment(platform), ...o.env },
    flags: [...NODE_FLAGS, ...(o.flags ?? [])],
  });
  const redisUrl = `${stage.redisUrl}/${o.redisDatabase}`;
  const { role = "all", logLevel = "warn", home = HOME } = o;
  const { url } = await child.call("start", { databaseUrl, redisUrl, home, role, logLevel });
  return {
    pid: child.pid,
    url,
    async [Symbol.asyncDispose]() {
      await child.call("stop", undefined);
      await child[Symbol.asyncDispose]();
    },
  };
}

/** Starts the server of a language model that takes its time. */
export async function startSlowModel(afterMs: number): Promise<SlowModel> {
  const child = startChild<SlowModelCalls>(`${BUILT}subjects/slow-model.js`);
  const { url } = await child.call("listen", { afterMs });
  return {
    url,
    held: (requests) => child.call("held", requests),
    release: () => child.call("release", undefined),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

export async function openTextbook(stage: Stage, databaseUrl: string, platform: Platform): Promise<Subject> {
  const child = startChild<TextbookCalls>(`${BUILT}subjects/textbook.js`, { flags: NODE_FLAGS });
  const channel = { account_sid: ACCOUNT_SID, auth_token: AUTH_TOKEN, from: OUR_NUMBER, api_url: platform.sinkUrl };
  const { url } = await child.call("start", { databaseUrl, redisUrl: stage.redisUrl, channel });
  return subject(child, url);
}

export async function openRawBullmq(stage: Stage): Promise<RawBullmq> {
  const child = startChild<RawBullmqCalls>(`${BUILT}subjects/raw-bullmq.js`, { flags: NODE_FLAGS });
  await child.call("start", { redisUrl: stage.redisUrl });
  return {
    ...subject(child, ""),
    run: async (messages) => (await child.call("run", { messages })).ms,
  };
}

function subject(child: Pick<Child<never>, "pid"> & AsyncDisposable, url: string): Subject {
  return { pid: child.pid, url, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}
