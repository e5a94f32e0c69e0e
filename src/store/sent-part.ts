import type { Db, Statement } from "./db.ts";
import { originalId } from "./long-id.ts";

/** A part that was sent. */
export interface SentPart {
  remote: string;
  content: unknown;
}

// Only a sent part can be changed. Streams are ordered, so it was settled before its change is sent. The desk may use
// the customer's channel, and its marks have the same ref, so the desk's parts are excluded.
const findSent = (name: string, key: string): Statement => ({
  name,
  text: `select remote_id as remote, content from outbox
         where conversation = $1 and channel = $2 and content->>'${key}' = $3 and outcome = 'sent'
           and content->>'change' is null and content->>'desk' is null
         order by id desc limit 1`,
});

const PROMPT = findSent("sent_prompt", "promptId");
const WORDS = findSent("sent_words", "ref");

/** The sent part that shows a prompt or carries an operator's words; null: there is none. */
export async function sentPart(
  db: Db,
  o: { conversation: number; channel: string; of: { promptId: string } | { ref: string } },
): Promise<SentPart | null> {
  const [statement, key] = "promptId" in o.of ? [PROMPT, o.of.promptId] : [WORDS, o.of.ref];
  const [row] = await db.run<SentPart>(statement, [o.conversation, o.channel, key]);
  return row === undefined ? null : { ...row, remote: await originalId(db, row.remote) };
}
