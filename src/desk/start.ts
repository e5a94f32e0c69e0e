import { DeskCommand } from "../adapter/desk-command.ts";
import type { Address, ThreadId } from "../domain/ids.ts";
import { storeStart } from "../store/desk-start.ts";
import type { OpenAbout, StartConversation } from "./desk-store.ts";
import type { DeskStoreOptions } from "./desk-store-options.ts";

/** E.164: a plus and at most 15 digits. */
const PHONE = /^\+[0-9]{7,15}$/;
const EMAIL = /^[^@\s]+@[^@\s]+$/;

interface Recipient {
  thread: ThreadId;
  address: Address;
  name: string;
}

/** Starts a conversation of ours with someone, and wakes its turn. */
export async function startConversation(
  o: DeskStoreOptions,
  request: StartConversation,
): Promise<{ conversation: number } | { fault: string }> {
  const { channel, operator } = request;
  const fault = faultOf(o, request);
  if (fault !== null) return { fault };
  const recipient = recipientOf(o, request);
  if (recipient === null) return { fault: unreachable(o, request) };
  const command = { kind: "start", text: request.text, queue: request.queue } satisfies DeskCommand;
  const conversation = await storeStart(o.db, {
    desk: o.channel,
    membership: o.membership,
    key: `book:${request.key}`,
    operator,
    command,
    channel,
    thread: recipient.thread,
    address: recipient.address,
    contact: contactOf(recipient),
    at: o.clock(),
  });
  o.lanes.wake("turn", String(conversation));
  return { conversation };
}

/** Opens a case about a message that was not written to us, and wakes its turn. */
export async function openAbout(o: DeskStoreOptions, { author, quote, ...request }: OpenAbout): Promise<number> {
  const { operator, channel, thread } = request;
  const conversation = await storeStart(o.db, {
    desk: o.channel,
    membership: o.membership,
    key: `book:${request.key}`,
    operator,
    command: DeskCommand.parse({ kind: "open", quote }),
    channel,
    thread,
    address: author.address,
    contact: { name: author.name, phone: "", email: "" },
    at: o.clock(),
  });
  o.lanes.wake("turn", String(conversation));
  return conversation;
}

function faultOf({ queues }: DeskStoreOptions, { queue, text }: StartConversation): string | null {
  if (!queues().some(({ id }) => id === queue)) {
    const known = queues().map(({ id }) => id);
    return `There is no queue “${queue}”; choose one of ${known.join(", ")}.`;
  }
  if (text.trim() === "") return "The text is empty: write a message.";
  if (!DeskCommand.safeParse({ kind: "start", text, queue }).success) return "The text is too long; make it shorter.";
  return null;
}

function recipientOf({ reach }: DeskStoreOptions, { channel, to }: StartConversation): Recipient | null {
  if (typeof to !== "string") return to;
  const reached = reach(channel, to);
  return reached === null ? null : { ...reached, name: "" };
}

function unreachable({ reachable }: DeskStoreOptions, { channel, to }: StartConversation): string {
  if (!reachable().includes(channel)) {
    return `We can't write to someone first on ${channel}; choose one of ${reachable().join(", ") || "no other channel"}.`;
  }
  return `“${typeof to === "string" ? to : to.name}” can't be reached on ${channel}: check how it is written.`;
}

/** Returns the details of a new contact, with the address as its phone or email if it is one. */
function contactOf({ name, address }: Recipient): { name: string; phone: string; email: string } {
  return { name, phone: PHONE.test(address) ? address : "", email: EMAIL.test(address) ? address : "" };
}
