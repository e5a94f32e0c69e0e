/**
 * Shows the decisions of turns at the desk: cards, entries, hints, and the transcript from before the handoff.
 *
 * 1. If our own data can't be read before anything was sent, the part is certainly not sent, and tried again.
 * 2. A card that was shown but whose thread could not be stored has an unknown outcome.
 * 3. An entry whose case has no thread yet shows the card first: a lost card does not lose its case.
 */
import type { Flight } from "../adapter/flight.ts";
import { asNotSent, readOrFail, SendError } from "../adapter/send-error.ts";
import type { CaseCard } from "../domain/case.ts";
import { type DeskPart, readDeskPart } from "../domain/desk-part.ts";
import { type RemoteId, remoteId, type ThreadId, threadId } from "../domain/ids.ts";
import type { StoredFile } from "../domain/message.ts";
import { remoteKey } from "../lib/remote-key.ts";
import { findCaseCard, findCaseThread, rememberCaseThread } from "../store/case-thread.ts";
import { attemptAgoMs, type ClaimedPart } from "../store/claim-parts.ts";
import type { Db } from "../store/db.ts";
import { readFile } from "../store/files.ts";
import { findShownWords, partsOfWords } from "../store/part-facts.ts";
import { retryUntilStored } from "../store/retry-until-stored.ts";
import { transcriptOf } from "../store/transcript.ts";
import { deliveryWords } from "./delivery-words.ts";
import { type Desk, type DeskOptions, PLACE_CLOSED } from "./desk.ts";

/** Bridges a short outage of Postgres after a card was shown; below the time-out of a send (store/claim-parts.ts). */
const REMEMBER_WITHIN_MS = 6_000;

export interface Presenter {
  send(part: ClaimedPart, flight: Flight): Promise<RemoteId>;
  canReconcile: boolean;
  reconcile(part: ClaimedPart, signal: AbortSignal): Promise<RemoteId | "not-sent" | "unknown">;
}

interface PresenterOptions {
  db: Db;
  desk: Desk;
  channel: string;
  /** Id of this installation, from the database. */
  installation: string;
  /** Returns the address of a file; null if we can't be reached. */
  fileUrl: (file: StoredFile) => string | null;
}

/** Sends the desk's parts; the outbox keeps them in order per case. */
export function createPresenter(o: PresenterOptions): Presenter {
  const { db, desk, installation } = o;
  return {
    async send(claimed, flight) {
      const options = { ...flight, key: remoteKey(installation, claimed.id) };
      const part = readOrFail(() => readDeskPart(claimed.content));
      const thread = await readOwn(() => findCaseThread(db, claimed.conversation));
      if (part.kind === "card") return remoteId(await showCard(o, { thread, card: part.card, options }));
      const open = (from: ThreadId | null) => openThread(o, claimed, { from, flight });
      if (thread === null) return show(o, { claimed, part, thread: await open(null), options });
      try {
        return await show(o, { claimed, part, thread, options });
      } catch (error) {
        if (!(error instanceof SendError) || error.code !== PLACE_CLOSED) throw error;
        return show(o, { claimed, part, thread: await open(thread), options });
      }
    },
    canReconcile: desk.reconcile !== undefined,
    async reconcile(claimed, signal) {
      const { conversation } = claimed;
      const thread = await findCaseThread(db, conversation);
      const part = readDeskPart(claimed.content);
      const asked = { agoMs: attemptAgoMs(claimed), signal, file: part.kind === "file" ? part.file : null };
      const known = await desk.reconcile?.(thread, remoteKey(installation, claimed.id), asked);
      if (known === undefined || known === "unknown" || known === "not-sent") return known ?? "unknown";
      // The id of a card is its thread, which is a new one if the card was posted again.
      if (part.kind === "card" && known !== (thread as string | null))
        await storeThread(o, { conversation, thread: threadId(known) });
      return known;
    },
  };
}

interface Shown {
  claimed: ClaimedPart;
  part: Exclude<DeskPart, { kind: "card" }>;
  thread: ThreadId;
  options: DeskOptions;
}

async function show(o: PresenterOptions, { claimed, part, thread, options }: Shown): Promise<RemoteId> {
  const { db, desk } = o;
  switch (part.kind) {
    case "entry":
      return desk.post(thread, [part.entry], options);
    case "mark":
      return showDeliveryStatus(o, { claimed, part, thread, options });
    case "file": {
      const { file, author, from } = part;
      const content = () => readOwn(() => contentOf(db, file));
      return desk.file(thread, { file, author, kind: from, url: o.fileUrl(file), content }, options);
    }
    case "hint":
      return desk.hint(thread, { ...options, operator: part.operator, text: part.text });
    case "transcript": {
      const entries = await readOwn(() => transcriptOf(db, part.of ?? claimed.conversation, part));
      return entries.length === 0 ? remoteId("nothing-to-show") : desk.post(thread, entries, options);
    }
  }
}

type ShownStatus = Shown & { part: Extract<DeskPart, { kind: "mark" }> };

/** Shows the delivery status of an operator's words; changes it in place if a post shows it already. */
async function showDeliveryStatus(
  { db, desk }: PresenterOptions,
  { claimed, part, thread, options }: ShownStatus,
): Promise<RemoteId> {
  const { conversation } = claimed;
  const { ref, question } = part;
  const shown = await readOwn(() => findShownWords(db, conversation, ref));
  const message = part.message ?? (await readOwn(() => deliveryOf(db, conversation, ref)));
  // If the card was posted again since, the old thread stays as it was.
  const earlier = shown === null ? null : remoteId(shown.remote);
  return desk.deliveryStatus(
    thread,
    { conversation, ref, message, question, earlier, entry: shown?.entry ?? null },
    options,
  );
}

async function deliveryOf(db: Db, conversation: number, ref: string): Promise<string> {
  const [parts, known] = await Promise.all([partsOfWords(db, conversation, ref), findCaseCard(db, conversation)]);
  const { customer = "the customer", channel = "" } = known?.card ?? {};
  return deliveryWords(customer, channel, parts) ?? `→ ${customer}, ${channel}`;
}

async function contentOf(db: Db, { id, name }: StoredFile): Promise<Uint8Array> {
  const kept = await readFile(db, { id });
  if (kept !== null) return kept.content;
  throw new SendError(`The file “${name}” is no longer stored`, { outcome: "not-sent", retry: "never" });
}

interface ShownCard {
  thread: ThreadId | null;
  card: CaseCard;
  options: DeskOptions;
}

/** Shows the card and stores its thread if it is new; returns the thread. */
async function showCard(o: PresenterOptions, { thread: before, card, options }: ShownCard): Promise<ThreadId> {
  const thread = await o.desk.card(before, card, options);
  if (thread !== before) await storeThread(o, { conversation: card.conversation, thread });
  return thread;
}

/** Stores the thread of a shown card. If that fails the outcome is unknown until the desk was asked. */
async function storeThread(
  { db, channel }: PresenterOptions,
  o: { conversation: number; thread: ThreadId },
): Promise<void> {
  try {
    await retryUntilStored(() => rememberCaseThread(db, { ...o, channel }), { forMs: REMEMBER_WITHIN_MS });
  } catch (cause) {
    const facts = { outcome: "unknown", retry: "never", cause } as const;
    throw new SendError(`The case was shown, but its thread could not be stored: ${message(cause)}`, facts);
  }
}

/**
 * Shows the latest card, under the first card's key, of a case without a thread (its own card failed) or with a thread
 * (`from`) that is closed. The part that needs the thread is certainly not sent, whatever happens to the card. A desk
 * without keys may show the card twice, which is better than never.
 */
async function openThread(
  o: PresenterOptions,
  claimed: ClaimedPart,
  { from, flight }: { from: ThreadId | null; flight: Flight },
): Promise<ThreadId> {
  const { conversation } = claimed;
  const known = await readOwn(() => findCaseCard(o.db, conversation));
  if (known === null) {
    throw new SendError(`There is no case ${conversation} to show this in`, { outcome: "not-sent", retry: "never" });
  }
  const options = { ...flight, key: remoteKey(o.installation, known.part) };
  try {
    return await showCard(o, { thread: from, card: known.card, options });
  } catch (cause) {
    const afterMs = cause instanceof SendError && cause.retry !== "never" ? cause.retry.afterMs : 0;
    const facts = { outcome: "not-sent", retry: { afterMs }, cause } as const;
    throw new SendError(`Case ${conversation} has no thread yet: ${message(cause)}`, facts);
  }
}

/** Reads our own data before anything is sent. */
const readOwn = <Value>(read: () => Promise<Value>): Promise<Value> =>
  asNotSent(read, (cause) => `Data for the desk could not be read: ${message(cause)}`);

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
