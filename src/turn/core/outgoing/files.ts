/**
 * Files in both directions: fetched and stored once, then shown at the desk or sent to the customer. A file that fails
 * never stops its message (I5).
 */

import type { CallResult } from "../../../domain/call.ts";
import { customerName } from "../../../domain/customer-name.ts";
import type { Attachment, StoredFile } from "../../../domain/message.ts";
import { readAnswer } from "../ask.ts";
import { isHeld } from "../bot-policy.ts";
import { change, channelOf, hint, line, type TransitionContext, tellCustomer, tellSystem } from "../context.ts";
import { type Fetching, FILES_MAX } from "../state.ts";
import { keepNote } from "./notes.ts";
import { optedOutReason } from "./opted-out.ts";

/** Asks for a file to be fetched from its channel; `onFetched` handles the answer. */
export function askForFile(
  context: TransitionContext,
  channel: string,
  { file, of }: { file: Attachment; of: Fetching["of"] },
): void {
  if (context.state.fetching.length >= FILES_MAX) return onFileFailed(context, { name: fileLabel(file), of }, TOO_MANY);
  const ask = `e${context.event.id}.f${context.idCount++}`;
  context.asks.push({
    id: ask,
    release: context.catalog.live.id,
    request: { kind: "fetch", channel, attachment: file },
  });
  change(context, { fetching: [...context.state.fetching, { ask, name: fileLabel(file), of }] });
}

/** Asks for a customer's files, where their channel supports attachments. */
export function askForFiles(
  context: TransitionContext,
  channel: string,
  { files, author }: { files: readonly Attachment[]; author: string },
): void {
  if ((context.catalog.channel(channel)?.can.attachments.support ?? "dropped") === "dropped") return;
  for (const file of files) askForFile(context, channel, { file, of: { kind: "customer", author } });
}

/** Handles a fetched file. False: the ask was not for a file. */
export function onFetched(context: TransitionContext, ask: string, result: CallResult): boolean {
  const fetching = context.state.fetching.find((one) => one.ask === ask);
  if (fetching === undefined) return false;
  change(context, { fetching: context.state.fetching.filter((one) => one !== fetching) });
  const answer = readAnswer("fetch", result);
  if (!answer.ok) onFileFailed(context, fetching, answer.error.message);
  else if (fetching.of.kind === "customer") onCustomerFile(context, answer.value, fetching.of.author);
  else sendFile(context, answer.value, fetching.of);
  return true;
}

const TOO_MANY = `${FILES_MAX} other files are still being fetched; send it again later.`;

function onFileFailed(context: TransitionContext, { name, of }: Omit<Fetching, "ask">, message: string): void {
  line(context, "file.failed", message);
  if (of.kind === "operator") {
    tellSystem(context, `“${name}” was not sent to the customer: ${message}`);
    return hint(context, of.operator.id, `“${name}” was not sent to the customer: ${message}`);
  }
  if (context.state.case !== null) return tellSystem(context, `A file from the customer is missing: ${message}`);
  keepNote(context, `A file from the customer is missing: ${message}`);
}

function onCustomerFile(context: TransitionContext, file: StoredFile, author: string): void {
  line(context, "file.received", `“${file.name}” was fetched`);
  // A merged case is not opened again, so the file is shown now.
  const now = isHeld(context.state) || context.state.case?.mergedInto != null;
  if (now) return showFile(context, file, { author, from: "customer" });
  const all = [...context.state.files, file];
  const [oldest] = all;
  if (all.length > FILES_MAX)
    keepNote(context, `“${oldest?.name}” is not shown: ${FILES_MAX} newer files came after it.`);
  change(context, { files: all.slice(-FILES_MAX) });
}

/** Shows the files that came before there was a case. */
export function showFiles(context: TransitionContext): void {
  for (const file of context.state.files)
    showFile(context, file, { author: customerName(context.state.contact), from: "customer" });
  if (context.state.files.length > 0) change(context, { files: [] });
}

function showFile(
  context: TransitionContext,
  file: StoredFile,
  by: { author: string; from: "customer" | "reply" },
): void {
  context.tells.push({ kind: "desk", part: { kind: "file", file, ...by }, mirrors: null });
}

/** Sends an operator's file, or a link where the channel can't carry it; where neither works, tells the operator. */
function sendFile(
  context: TransitionContext,
  file: StoredFile,
  { operator, shown }: Extract<Fetching["of"], { kind: "operator" }>,
): void {
  const { can } = channelOf(context);
  const url = context.catalog.fileUrl(file);
  if (!shown) showFile(context, file, { author: operator.name, from: "reply" });
  if (context.state.optedOut !== null) {
    line(context, "file.unsent", `“${file.name}” was not sent: the customer opted out`);
    return tellSystem(context, `“${file.name}” was not sent to the customer: ${optedOutReason(context)}`);
  }
  const by = { kind: "notice", author: "operator", authorName: operator.name } as const;
  const { support, maxBytes, byUrl } = can.attachments;
  if (support === "native" && file.bytes <= maxBytes && (byUrl !== true || url !== null)) {
    const ref = `f${file.id}`;
    line(context, "file.sent", `“${file.name}” goes to the customer`);
    const part = { text: file.name, file: { ...file, url }, ref };
    context.tells.push({ ...by, text: `[file: ${file.name}]`, parts: [part], ref });
    const mark = { kind: "mark", ref, message: null, question: null } as const;
    context.tells.push({ kind: "desk", part: mark, mirrors: context.tells.length - 1 });
    return;
  }
  if (url === null) {
    const reason = `the channel ${context.state.channel} can't carry it, and without PUBLIC_URL there is no link to send`;
    tellSystem(context, `“${file.name}” was not sent to the customer: ${reason}.`);
    return hint(context, operator.id, `“${file.name}” was not sent to the customer: ${reason}.`);
  }
  line(context, "file.linked", `“${file.name}” goes to the customer as a link`);
  const words = { ref: `f${file.id}`, shown: true };
  tellCustomer(context, { text: `${file.name}: ${url}`, trusted: true }, { ...by, words });
}

/** The file's name, or its type where the platform gave none. */
const fileLabel = ({ name, mediaType }: Attachment): string => name ?? mediaType ?? "a file";

/** Fields for an entry that lists its files by name. */
export const withFiles = (files: readonly Attachment[]): { files?: readonly string[] } =>
  files.length === 0 ? {} : { files: files.map(fileLabel) };
