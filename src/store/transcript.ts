import { and, asc, eq, gt, lte, ne, or } from "drizzle-orm";
import type { DeskEntry, TranscriptMark } from "../domain/case.ts";
import { UNNAMED } from "../domain/customer-name.ts";
import type { Attachment } from "../domain/message.ts";
import { FRONTDESK } from "../domain/reach.ts";
import type { Db } from "./db.ts";
import { conversation as conversations, message } from "./schema.ts";

const fromCustomer = eq(message.author, "customer");
const fromUs = ne(message.author, "customer");

/** The messages of a conversation after `since` (null: from its beginning) up to `until`, oldest first. */
export async function transcriptOf(
  db: Db,
  conversation: number,
  { since, until }: { since: TranscriptMark | null; until: TranscriptMark },
): Promise<(DeskEntry & { message: number })[]> {
  const rows = await db.tables
    .select({
      id: message.id,
      author: message.author,
      name: message.authorName,
      text: message.text,
      attachments: message.attachments,
      amendedAt: message.amendedAt,
      at: message.at,
      channel: conversations.channel,
    })
    .from(message)
    .innerJoin(conversations, eq(conversations.id, message.conversation))
    .where(
      and(
        eq(message.conversation, conversation),
        or(
          and(fromCustomer, lte(message.id, until.message), since === null ? undefined : gt(message.id, since.message)),
          and(
            fromUs,
            lte(message.at, new Date(until.at)),
            since === null ? undefined : gt(message.at, new Date(since.at)),
          ),
        ),
      ),
    )
    .orderBy(asc(message.id));
  return rows.map(({ id, author, name, text, attachments, amendedAt, at, channel }) => ({
    kind: author === "operator" ? "reply" : author === "bot" ? "bot" : "customer",
    author: name || (author === "bot" ? FRONTDESK.name : UNNAMED),
    text: amendedAt !== null && text === "" ? "(taken back)" : text,
    at: at.toISOString(),
    message: id,
    internal: false,
    ...(author === "customer" ? { channel } : {}),
    ...filesOf(attachments as Attachment[]),
  }));
}

const filesOf = (attachments: readonly Attachment[]): { files?: readonly string[] } =>
  attachments.length === 0 ? {} : { files: attachments.map(fileLabel) };

/** The name of a file, as transcripts show it. */
export const fileLabel = ({ name, mediaType, refused }: Attachment): string =>
  `${name ?? mediaType ?? "a file"}${refused === undefined ? "" : " (not kept)"}`;
