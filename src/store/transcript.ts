import { and, asc, eq, gt, lte } from "drizzle-orm";
import type { DeskEntry } from "../domain/case.ts";
import type { Db } from "./db.ts";
import { message } from "./schema.ts";

/** What was said in a conversation after `since` (null: from its beginning) up to `until`, ISO times, oldest first. */
export async function transcriptOf(
  db: Db,
  conversation: number,
  { since, until }: { since: string | null; until: string },
): Promise<(DeskEntry & { message: number })[]> {
  const rows = await db.tables
    .select({ id: message.id, author: message.author, name: message.authorName, text: message.text, at: message.at })
    .from(message)
    .where(
      and(
        eq(message.conversation, conversation),
        lte(message.at, new Date(until)),
        since === null ? undefined : gt(message.at, new Date(since)),
      ),
    )
    .orderBy(asc(message.id));
  return rows.map(({ id, author, name, text, at }) => ({
    kind: author === "operator" ? "reply" : author === "bot" ? "bot" : "customer",
    author: name || (author === "bot" ? "Frontdesk" : "Customer"),
    text,
    at: at.toISOString(),
    message: id,
    internal: false,
  }));
}
