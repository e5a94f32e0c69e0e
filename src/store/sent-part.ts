import type { Db, Statement } from "./db.ts";

/** A part that has left, as the platform and we know it. */
export interface SentPart {
  remote: string;
  content: unknown;
}

// Only what has left can be changed. Streams are ordered, so what is to be changed was settled before. A desk may be on the
// customer's own channel, and its marks name the same words.
const findSent = (name: string, key: string): Statement => ({
  name,
  text: `select remote_id as remote, content from outbox
         where conversation = $1 and channel = $2 and content->>'${key}' = $3 and outcome = 'sent'
           and content->>'change' is null and content->>'desk' is null
         order by id desc limit 1`,
});

const PROMPT = findSent("sent_prompt", "promptId");
const WORDS = findSent("sent_words", "ref");

/** The part that showed a prompt, or that carried an operator's words; null: none has left. */
export async function sentPart(
  db: Db,
  o: { conversation: number; channel: string; of: { promptId: string } | { ref: string } },
): Promise<SentPart | null> {
  const [statement, key] = "promptId" in o.of ? [PROMPT, o.of.promptId] : [WORDS, o.of.ref];
  const [row] = await db.run<SentPart>(statement, [o.conversation, o.channel, key]);
  return row ?? null;
}
