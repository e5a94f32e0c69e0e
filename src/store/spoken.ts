/** The ends of conversations, as much of each as a prompt has room for. */
import type { Attachment, Author } from "../domain/message.ts";
import type { Db, Statement } from "./db.ts";
import { fileLabel } from "./transcript.ts";

/** Characters that a message counts beside its text, so that many empty ones are bounded too. */
const MESSAGE_COST = 50;

// What is left out goes in whole pieces, counted from the beginning: as long as no further piece has to go, an earlier
// result is the beginning of a later one.
const SPOKEN: Statement = {
  name: "spoken_messages",
  text: `
with counted as (
  select asked.n, id, author, left(text, $3::int + 1) as text, amended_at is not null and text = '' as withdrawn,
         attachments, least(char_length(text), $3::int) + ${MESSAGE_COST} as cost
  from unnest($1::bigint[], $2::bigint[]) with ordinality as asked(conversation, until, n)
  join message on message.conversation = asked.conversation and (author <> 'customer' or id <= until)
), placed as (
  select *, sum(cost) over (partition by n order by id) - cost as start, sum(cost) over (partition by n) as total from counted
)
select n::int, author, text, withdrawn, attachments, total > $4::int as cut from placed
where start >= greatest(0, ceil((total - $4::int) / $5::numeric)) * $5::int order by n, id`,
};

interface Row {
  /** The number of the conversation among those asked for, from 1. */
  n: number;
  author: Author;
  text: string;
  withdrawn: boolean;
  attachments: Attachment[];
  cut: boolean;
}

export interface SpokenRow {
  author: Author;
  text: string;
  files: readonly string[];
}

export interface SpokenLimits {
  /** Characters of one message that count; one more at most is read. */
  perMessage: number;
  /** Characters in all, and those of a piece that is left out at once. */
  max: number;
  piece: number;
}

export interface SpokenIn {
  conversation: number;
  /** The customer's latest message that counts. */
  until: number;
}

/** The latest messages of a conversation, oldest first. `cut`: earlier ones are left out. */
export interface Spoken {
  messages: readonly SpokenRow[];
  cut: boolean;
}

/** Reads the latest messages of several conversations, in the order in which they are asked for. */
export async function readSpoken(
  db: Pick<Db, "run">,
  asked: readonly SpokenIn[],
  { perMessage, max, piece }: SpokenLimits,
): Promise<Spoken[]> {
  const conversations = asked.map(({ conversation }) => conversation);
  const untils = asked.map(({ until }) => until);
  const rows = await db.run<Row>(SPOKEN, [conversations, untils, perMessage, max, piece]);
  const found = asked.map((): Row[] => []);
  for (const row of rows) found[row.n - 1]?.push(row);
  return found.map((own) => ({ messages: own.map(messageOf), cut: own[0]?.cut ?? false }));
}

const messageOf = ({ author, text, withdrawn, attachments }: Row): SpokenRow => ({
  author,
  text: withdrawn ? "(taken back)" : text,
  files: attachments.map(fileLabel),
});
