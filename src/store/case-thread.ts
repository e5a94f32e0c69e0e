import type { CaseCard } from "../domain/case.ts";
import { readCard } from "../domain/desk-part.ts";
import { type ThreadId, threadId } from "../domain/ids.ts";
import type { Db, Statement } from "./db.ts";
import { keepLongIds, originalId, storableId } from "./long-id.ts";

const READ: Statement = {
  name: "case_thread",
  text: `select thread from "case" where conversation = $1`,
};

const REMEMBER: Statement = {
  name: "remember_case_thread",
  text: `update "case" set desk_channel = $2, thread = $3 where conversation = $1`,
};

/** The thread in which the desk shows a case; null until its card was shown. */
export async function findCaseThread(db: Db, conversation: number): Promise<ThreadId | null> {
  const [row] = await db.run<{ thread: string | null }>(READ, [conversation]);
  return row?.thread == null ? null : threadId(await originalId(db, row.thread));
}

/** Binds a case to the thread that the desk opened for it; messages there are operators' from then on. */
export async function rememberCaseThread(
  db: Db,
  o: { conversation: number; channel: string; thread: ThreadId },
): Promise<void> {
  await keepLongIds(db, [o.thread]);
  await db.run(REMEMBER, [o.conversation, o.channel, storableId(o.thread)]);
}

const CARD: Statement = {
  name: "case_card",
  text: `
select k.card, o.id as part from "case" k cross join lateral (
  select id from outbox where outbox.conversation = k.conversation and content->>'desk' = 'card' order by id limit 1
) o where k.conversation = $1`,
};

/** A case's latest card, and the id of the first outbox part that shows one; null where there is no case. */
export async function findCaseCard(db: Db, conversation: number): Promise<{ card: CaseCard; part: number } | null> {
  const [row] = await db.run<{ card: unknown; part: number }>(CARD, [conversation]);
  return row === undefined ? null : { ...row, card: readCard(row.card) };
}
