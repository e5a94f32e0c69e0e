import type { ChannelAdapter, Connection, SendOptions } from "../adapter/adapter.ts";
import type { Flight } from "../adapter/flight.ts";
import { type FittedPart, type PartChange, readChannelPart } from "../adapter/part.ts";
import { asNotSent, readOrFail, SendError } from "../adapter/send-error.ts";
import { address, type RemoteId, remoteId, type ThreadId, threadId } from "../domain/ids.ts";
import { remoteKey } from "../lib/remote-key.ts";
import { attemptAgoMs, type ClaimedPart } from "../store/claim-parts.ts";
import type { Db } from "../store/db.ts";
import { readFile } from "../store/files.ts";
import { originalId } from "../store/long-id.ts";
import { sentPart } from "../store/sent-part.ts";
import type { Sender } from "./sender.ts";

interface ChannelSenderOptions {
  db: Db;
  adapter: ChannelAdapter;
  config: unknown;
  connection: Connection;
  installation: string;
}

/** Creates a sender over a channel's connection. The idempotency key is the outbox row's id. */
export function channelSender(o: ChannelSenderOptions): Sender {
  const { connection, installation } = o;
  return {
    async send(claimed, flight) {
      const todo = readOrFail(() => readChannelPart(claimed.content));
      if (todo.kind !== "part") return change(o, { claimed, part: todo, flight });
      return connection.send(await threadOf(o, claimed), encode(o, todo.part), sendOptions(o, claimed, flight));
    },
    canReconcile: connection.reconcile !== undefined,
    awaitsReceipts: connection.keyedReceipts === true,
    async reconcile(claimed, signal) {
      // Repeating a change is harmless, and a hint is not worth a query.
      const todo = readChannelPart(claimed.content);
      if (todo.kind !== "part") return "not-sent";
      const key = remoteKey(installation, claimed.id);
      const asked = { agoMs: attemptAgoMs(claimed), signal, file: todo.part.file };
      return connection.reconcile?.(await threadOf(o, claimed), key, asked) ?? "unknown";
    },
  };
}

function sendOptions({ db, installation }: ChannelSenderOptions, claimed: ClaimedPart, flight: Flight): SendOptions {
  return {
    ...flight,
    key: remoteKey(installation, claimed.id),
    content: async ({ id, name }) => {
      const kept = await readFile(db, { id });
      if (kept !== null) return kept.content;
      throw new SendError(`“${name}” is no longer stored`, { outcome: "not-sent", retry: "never" });
    },
  };
}

/** The thread as its platform gave it (I10). */
const threadOf = async ({ db }: ChannelSenderOptions, { thread }: ClaimedPart): Promise<ThreadId> =>
  threadId(await readOwn(() => originalId(db, thread)));

/** Reads our own data before anything is sent. */
const readOwn = <Value>(read: () => Promise<Value>): Promise<Value> =>
  asNotSent(read, (cause) => `The id could not be read: ${cause instanceof Error ? cause.message : String(cause)}`);

/** Encodes a part. On failure nothing has left, and no retry can succeed. */
function encode({ adapter, config }: ChannelSenderOptions, part: FittedPart): unknown {
  try {
    return adapter.encode(part, config);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const facts = { outcome: "not-sent", retry: "never", cause } as const;
    throw new SendError(`The adapter “${adapter.name}” can't encode this part: ${message}`, facts);
  }
}

interface Change {
  claimed: ClaimedPart;
  part: PartChange;
  flight: Flight;
}

/** Remote id returned when there was nothing to change, or a best-effort change failed. */
const NOTHING_TO_CHANGE = remoteId("nothing-to-change");
const NEVER_LEFT = "The edited message had not reached the customer, so there is nothing to change";

async function change(o: ChannelSenderOptions, changing: Change): Promise<RemoteId> {
  const { claimed, part, flight } = changing;
  switch (part.kind) {
    case "hint":
      return bestEffort(() => hint(o, { claimed, part, flight }));
    case "answered":
      return bestEffort(() =>
        edit(o, changing, { of: { promptId: part.promptId }, to: (before) => withAnswer(before, part.chosen) }),
      );
    case "edited": {
      const edited = { text: part.text, trusted: part.trusted };
      const remote = await edit(o, changing, { of: { ref: part.ref }, to: () => edited });
      // The operator was told that the customer sees the edit, so they have to learn that it failed.
      if (remote === NOTHING_TO_CHANGE) throw new SendError(NEVER_LEFT, { outcome: "not-sent", retry: "never" });
      return remote;
    }
  }
}

const withAnswer = ({ options: _options, promptId: _prompt, ...before }: FittedPart, chosen: string): FittedPart => ({
  ...before,
  text: `${before.text}${before.text === "" ? "" : "\n\n"}→ ${chosen}`,
});

interface Edit {
  of: { promptId: string } | { ref: string };
  to: (before: FittedPart) => FittedPart;
}

async function edit(o: ChannelSenderOptions, { claimed, flight }: Change, { of, to }: Edit): Promise<RemoteId> {
  const { conversation, channel } = claimed;
  const sent = await sentPart(o.db, { conversation, channel, of });
  if (sent === null || o.connection.edit === undefined) return NOTHING_TO_CHANGE;
  const message = remoteId(sent.remote);
  await o.connection.edit(await threadOf(o, claimed), message, encode(o, to(sent.content as FittedPart)), flight);
  return message;
}

async function hint(
  o: ChannelSenderOptions,
  { claimed, part, flight }: Change & { part: Extract<PartChange, { kind: "hint" }> },
): Promise<RemoteId> {
  const to = address(await readOwn(() => originalId(o.db, part.to)));
  await o.connection.hint?.(await threadOf(o, claimed), to, { ...flight, text: part.text });
  return NOTHING_TO_CHANGE;
}

/** Ignores a permanent failure: nobody waits for the change, and nothing is lost. */
async function bestEffort(act: () => Promise<RemoteId>): Promise<RemoteId> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SendError && error.retry === "never") return NOTHING_TO_CHANGE;
    throw error;
  }
}
