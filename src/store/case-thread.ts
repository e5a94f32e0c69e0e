import { type ThreadId, threadId } from "../domain/ids.ts";
import type { Db, Statement } from "./db.ts";

const READ: Statement = {
  name: "case_thread",
  text: `select thread from "case" where conversation = $1`,
};

const REMEMBER: Statement = {
  name: "remember_case_thread",
  text: `update "case" set desk_channel = $2, thread = $3 where conversation = $1`,
};

/** Where the desk shows a case; null until its card was shown. */
export async function caseThread(db: Db, conversation: number): Promise<ThreadId | null> {
  const [row] = await db.run<{ thread: string | null }>(READ, [conversation]);
  return row?.thread == null ? null : threadId(row.thread);
}

/** Binds a case to the thread the desk opened for it: what is written there is an operator's from now on. */
export async function rememberCaseThread(
  db: Db,
  o: { conversation: number; channel: string; thread: ThreadId },
): Promise<void> {
  await db.run(REMEMBER, [o.conversation, o.channel, o.thread]);
}
