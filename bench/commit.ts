/** Reference for latency: one client inserts and commits one row, with the same durability. */
import { Client } from "pg";
import { quantile } from "./statistics.ts";

const COMMITS = 300;

/** Returns the median of a few hundred commits, in milliseconds. */
export async function commitMs(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("create table if not exists one_row (id bigint generated always as identity, text text)");
    const took: number[] = [];
    for (let n = 0; n < COMMITS; n++) {
      const startedAt = performance.now();
      await client.query({ name: "one_row", text: "insert into one_row (text) values ($1)", values: ["one row"] });
      took.push(performance.now() - startedAt);
    }
    return quantile(took, 0.5);
  } finally {
    await client.end();
  }
}
