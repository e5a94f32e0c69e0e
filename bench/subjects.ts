/** Starts the measured programs, each a process of compiled JavaScript, and the platform. */
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "./calls.ts";
import { HOME } from "./home.ts";
import { ACCOUNT_SID, AUTH_TOKEN, channelEnvironment, OUR_NUMBER, type Platform } from "./platform.ts";
import type { Stage } from "./stage.ts";
import type { LineCalls, LineOptions } from "./subjects/line.ts";
import type { PlatformCalls } from "./subjects/platform.ts";
import type { RawBullmqCalls } from "./subjects/raw-bullmq.ts";
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
}

/** Starts the product. */
export async function openLine({ stage, databaseUrl, platform, ...o }: OpenLine): Promise<Subject> {
  const child = startChild<LineCalls>(`${BUILT}subjects/line.js`, {
    env: channelEnvironment(platform),
    flags: [...NODE_FLAGS, ...(o.flags ?? [])],
  });
  const redisUrl = `${stage.redisUrl}/${o.redisDatabase}`;
  const { role = "all", logLevel = "warn" } = o;
  const { url } = await child.call("start", { databaseUrl, redisUrl, home: HOME, role, logLevel });
  return {
    pid: child.pid,
    url,
    async [Symbol.asyncDispose]() {
      await child.call("stop", undefined);
      await child[Symbol.asyncDispose]();
    },
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
