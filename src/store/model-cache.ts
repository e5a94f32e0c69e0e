/** Stored answers of language models, by the hash of their request. */
import type { Db, Statement } from "./db.ts";
import { storableJson } from "./text.ts";

/** Our choice: classifications and extractions take a kilobyte; a larger answer is not kept. */
const MAX_ANSWER_BYTES = 65_536;

const READ: Statement = {
  name: "read_model_cache",
  text: "select key, answer from model_cache where key = any($1::text[])",
};

const KEEP: Statement = {
  name: "keep_model_cache",
  text: `insert into model_cache (key, answer) values ($1, $2::json)
         on conflict (key) do update set answer = excluded.answer, at = now()`,
};

/** Returns the answer of the first of these keys that has one, with its key. */
export async function readCachedAnswer(
  db: Pick<Db, "run">,
  keys: readonly string[],
): Promise<{ key: string; answer: unknown } | null> {
  const rows = new Map(
    (await db.run<{ key: string; answer: unknown }>(READ, [keys])).map((row) => [row.key, row] as const),
  );
  const key = keys.find((one) => rows.has(one));
  return key === undefined ? null : (rows.get(key) ?? null);
}

/** Keeps an answer; one that is too large is left out. */
export async function keepCachedAnswer(db: Pick<Db, "run">, key: string, answer: unknown): Promise<void> {
  const json = storableJson(answer);
  if (Buffer.byteLength(json) <= MAX_ANSWER_BYTES) await db.run(KEEP, [key, json]);
}
