import { and, asc, eq, lte } from "drizzle-orm";
import type { Db } from "./db.ts";
import { message } from "./schema.ts";

export interface SaidMessage {
  id: number;
  author: "customer" | "bot" | "operator";
  authorName: string;
  text: string;
  at: Date;
}

/** What was said in a conversation up to a moment (ISO time), oldest first. */
export async function transcriptOf(db: Db, conversation: number, until: string): Promise<SaidMessage[]> {
  const rows = await db.tables
    .select({
      id: message.id,
      author: message.author,
      authorName: message.authorName,
      text: message.text,
      at: message.at,
    })
    .from(message)
    .where(and(eq(message.conversation, conversation), lte(message.at, new Date(until))))
    .orderBy(asc(message.id));
  return rows.map((row) => ({ ...row, author: row.author as SaidMessage["author"] }));
}
