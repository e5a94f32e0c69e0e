import { DeskCommand } from "../adapter/desk-command.ts";
import type { Address, ThreadId } from "../domain/ids.ts";
import { storeStart } from "../store/desk-start.ts";
import type { OpenAbout, StartConversation } from "./desk-store.ts";
import type { DeskStoreOptions } from "./open-desk-store.ts";

/** E.164: a plus and at most 15 digits. */
const PHONE = /^\+[0-9]{7,15}$/;
const EMAIL = /^[^@\s]+@[^@\s]+$/;

interface Whom {
  thread: ThreadId;
  address: Address;
  name: string;
}

/** Begins a conversation of ours with someone, and wakes its turn. */
export async function start(
  o: DeskStoreOptions,
  wish: StartConversation,
): Promise<{ conversation: number } | { fault: string }> {
  const { channel, operator } = wish;
  const fault = faultOf(o, wish);
  if (fault !== null) return { fault };
  const whom = whomOf(o, wish);
  if (whom === null) return { fault: unreachable(o, wish) };
  const command = { kind: "start", text: wish.text, queue: wish.queue } satisfies DeskCommand;
  const conversation = await storeStart(o.db, {
    desk: o.channel,
    membership: o.membership,
    key: `book:${wish.key}`,
    operator,
    command,
    channel,
    thread: whom.thread,
    address: whom.address,
    contact: contactOf(whom),
    at: o.clock(),
  });
  o.lanes.wake("turn", String(conversation));
  return { conversation };
}

/** Opens a case about somebody's message, and wakes its turn. */
export async function openAbout(o: DeskStoreOptions, { author, quote, ...wish }: OpenAbout): Promise<number> {
  const { operator, channel, thread } = wish;
  const conversation = await storeStart(o.db, {
    desk: o.channel,
    membership: o.membership,
    key: `book:${wish.key}`,
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
  if (text.trim() === "") return "Write what they are to read: the text is empty.";
  if (!DeskCommand.safeParse({ kind: "start", text, queue }).success) return "The text is too long; make it shorter.";
  return null;
}

function whomOf({ reach }: DeskStoreOptions, { channel, to }: StartConversation): Whom | null {
  if (typeof to !== "string") return to;
  const reached = reach(channel, to);
  return reached === null ? null : { ...reached, name: "" };
}

function unreachable({ reachable }: DeskStoreOptions, { channel, to }: StartConversation): string {
  if (!reachable().includes(channel)) {
    return `Nobody can be written to first on ${channel}; choose one of ${reachable().join(", ") || "no other channel"}.`;
  }
  return `“${typeof to === "string" ? to : to.name}” can't be reached on ${channel}: check how it is written.`;
}

/** An address that is a telephone number or a mail address by itself says so of a new contact. */
function contactOf({ name, address }: Whom): { name: string; phone: string; email: string } {
  return { name, phone: PHONE.test(address) ? address : "", email: EMAIL.test(address) ? address : "" };
}
