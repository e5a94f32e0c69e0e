/** Shows at the desk what turns decided: cards, entries, hints, and what was said before people came in. */
import type { DeskPart } from "../domain/case.ts";
import { type RemoteId, remoteId, type ThreadId } from "../domain/ids.ts";
import { remoteKey } from "../lib/remote-key.ts";
import { caseThread, rememberCaseThread } from "../store/case-thread.ts";
import type { ClaimedPart } from "../store/claim-parts.ts";
import type { Db } from "../store/db.ts";
import { transcriptOf } from "../store/transcript.ts";
import type { Desk } from "./desk.ts";

export interface Presenter {
  send(part: ClaimedPart, signal: AbortSignal): Promise<RemoteId>;
  canReconcile: boolean;
  reconcile(part: ClaimedPart): Promise<RemoteId | "not-sent" | "unknown">;
}

interface PresenterOptions {
  db: Db;
  desk: Desk;
  channel: string;
  /** The database's own name. */
  installation: string;
}

/** Sends the desk's parts: the outbox keeps them in order per case, the desk says where the case's thread is. */
export function createPresenter({ db, desk, channel, installation }: PresenterOptions): Presenter {
  return {
    async send(claimed, signal) {
      const options = { key: remoteKey(installation, claimed.id), signal };
      const part = claimed.part as DeskPart;
      const thread = await caseThread(db, claimed.conversation);
      if (part.desk === "card") return showCard({ db, desk, channel }, { thread, card: part.card, options });
      if (thread === null) throw new Error(`Case ${claimed.conversation} has no thread: its card was never shown`);
      return show({ db, desk }, { claimed, part, thread, options });
    },
    canReconcile: desk.reconcile !== undefined,
    async reconcile(claimed) {
      const thread = await caseThread(db, claimed.conversation);
      const since = new Date(claimed.attemptedBefore ?? claimed.createdAt);
      return desk.reconcile?.(thread, remoteKey(installation, claimed.id), since) ?? "unknown";
    },
  };
}

interface Shown {
  claimed: ClaimedPart;
  part: Exclude<DeskPart, { desk: "card" }>;
  thread: ThreadId;
  options: { key: string; signal: AbortSignal };
}

async function show(
  { db, desk }: { db: Db; desk: Desk },
  { claimed, part, thread, options }: Shown,
): Promise<RemoteId> {
  switch (part.desk) {
    case "entry":
      return desk.post(thread, [part.entry], options);
    case "hint":
      return desk.hint(thread, { ...options, operator: part.operator, text: part.text });
    case "transcript": {
      const entries = await transcriptOf(db, claimed.conversation, part);
      return entries.length === 0 ? remoteId("nothing-to-show") : desk.post(thread, entries, options);
    }
  }
}

async function showCard(
  { db, desk, channel }: { db: Db; desk: Desk; channel: string },
  o: {
    thread: ThreadId | null;
    card: Extract<DeskPart, { desk: "card" }>["card"];
    options: { key: string; signal: AbortSignal };
  },
): Promise<RemoteId> {
  const thread = await desk.card(o.thread, o.card, o.options);
  if (thread !== o.thread) await rememberCaseThread(db, { conversation: o.card.conversation, channel, thread });
  return remoteId(thread);
}
