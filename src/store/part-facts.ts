import type { DeskEntry } from "../domain/case.ts";
import type { Db, Statement } from "./db.ts";
import { originalId } from "./long-id.ts";

/** The outcome of one part. */
export interface PartFacts {
  outcome: "sent" | "dropped" | "failed" | "parked" | null;
  attempted: boolean;
  error: string | null;
  /** The latest receipt of the platform, or null. */
  status: string | null;
  code: string | null;
}

export const DELIVERY = `left join lateral
  (select status, code from delivery d where d.outbox = o.id order by rank desc limit 1) d on true`;

const OF_WORDS: Statement = {
  name: "words_parts",
  // A correction has the same ref, and only the latest message counts.
  text: `select o.outcome, o.attempted_at is not null as attempted, o.error, d.status, d.code
    from outbox o ${DELIVERY}
    where o.conversation = $1 and o.kind = 'relay' and o.content->>'ref' = $2
      and o.message = (select max(message) from outbox l where l.conversation = $1 and l.kind = 'relay' and l.content->>'ref' = $2)
    order by o.id`,
};

/** The outcomes of the parts that carry an operator's words. */
export function partsOfWords(db: Db, conversation: number, ref: string): Promise<PartFacts[]> {
  return db.run(OF_WORDS, [conversation, ref]);
}

// The latest part is the current one, since words that could not be changed in place were posted again.
const SHOWN: Statement = {
  name: "words_shown",
  text: `select o.remote_id as remote, (
      select e.content->'entry' from outbox e
      where e.conversation = $1 and e.remote_id = o.remote_id and e.content->>'desk' = 'entry' limit 1) as entry
    from outbox o
    where o.conversation = $1 and o.outcome = 'sent'
      and coalesce(o.content->'entry'->>'ref', case o.content->>'desk' when 'mark' then o.content->>'ref' end) = $2
    order by o.id desc limit 1`,
};

/**
 * The platform's id of the desk's latest part that shows an operator's words or their mark, and its entry; null: none.
 */
export async function findShownWords(
  db: Db,
  conversation: number,
  ref: string,
): Promise<{ remote: string; entry: DeskEntry | null } | null> {
  const [row] = await db.run<{ remote: string; entry: DeskEntry | null }>(SHOWN, [conversation, ref]);
  return row === undefined ? null : { ...row, remote: await originalId(db, row.remote) };
}
