/** The bench's own servers, whose CPU is used by nothing else. */
import { readFile } from "node:fs/promises";
import { Client } from "pg";
import { ownPostgres } from "../test/support/own-postgres.ts";
import { ownRedis } from "../test/support/own-redis.ts";
import { familyCpu, parentOf, processCpu } from "./cpu.ts";

export interface Stage extends AsyncDisposable {
  redisUrl: string;
  versions: { postgres: string; redis: string; bullmq: string };
  /** PostgreSQL's settings: "fsync on, synchronous_commit on". */
  durability: string;
  /** Creates an empty database and returns its URL. */
  database(name: string): Promise<string>;
  /** URL of the server's default database, for queries about the whole server. */
  adminUrl: string;
  /** CPU seconds of PostgreSQL, with all its processes, and of Redis. */
  cpu(): Promise<{ postgres: number; redis: number }>;
}

const DURABILITY = ["fsync", "synchronous_commit", "full_page_writes"];

export async function openStage(): Promise<Stage> {
  const postgres = await ownPostgres();
  const redis = await ownRedis();
  const admin = new Client({ connectionString: postgres.url });
  await admin.connect();
  const ask = async (sql: string): Promise<string> => {
    const { rows } = await admin.query<Record<string, unknown>>(sql);
    return String(Object.values(rows[0] ?? {})[0]);
  };
  const postmaster = await parentOf(Number(await ask("select pg_backend_pid()")));
  const info = await redis.command("INFO server");
  const redisPid = Number(/process_id:(\d+)/.exec(info)?.[1]);
  const durability: string[] = [];
  for (const name of DURABILITY) durability.push(`${name} ${await ask(`show ${name}`)}`);
  return {
    redisUrl: redis.url,
    adminUrl: postgres.url,
    versions: {
      postgres: await ask("show server_version"),
      redis: /redis_version:(\S+)/.exec(info)?.[1] ?? "unknown",
      bullmq: await packageVersion("bullmq"),
    },
    durability: durability.join(", "),
    async database(name) {
      await admin.query(`create database ${name}`);
      const url = new URL(postgres.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    cpu: async () => ({ postgres: await familyCpu(postmaster), redis: await processCpu(redisPid) }),
    async [Symbol.asyncDispose]() {
      await admin.end();
      await redis[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

async function packageVersion(name: string): Promise<string> {
  const manifest = await readFile(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
