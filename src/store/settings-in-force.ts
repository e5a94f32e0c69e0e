/** The settings that were in force when something was decided, each distinct set once (V2). */
import type { Db, Statement } from "./db.ts";
import { storableJson } from "./text.ts";

/** A set of settings as data, under its digest. */
export interface InForce {
  hash: string;
  body: unknown;
}

// A set that another process stores at the same moment is found by running it again.
const STORE: Statement = {
  name: "store_setting",
  text: `
with new as (
  insert into setting (hash, body) values ($1, $2::jsonb) on conflict (hash) do nothing returning id
)
select id from new union all select id from setting where hash = $1`,
};

/** Stores a set of settings, and returns its id. */
export async function settingId(db: Db, { hash, body }: InForce): Promise<number> {
  const store = () => db.run<{ id: number }>(STORE, [hash, storableJson(body)]);
  const [row = (await store())[0]] = await store();
  if (row === undefined) throw new Error("The settings in force could not be stored");
  return row.id;
}
