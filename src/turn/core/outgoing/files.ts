/**
 * Files both ways: fetched once, kept, then shown at the desk or sent to the customer. A failing file never stops its
 * message (I5).
 */

import type { CallResult } from "../../../domain/call.ts";
import { customerName } from "../../../domain/customer-name.ts";
import type { Attachment, StoredFile } from "../../../domain/message.ts";
import { readAnswer } from "../ask.ts";
import { change, channelOf, hint, line, type TransitionContext, tellCustomer, tellSystem } from "../context.ts";
import { isHeld } from "../policy.ts";
import { type Fetching, FILES_MAX } from "../state.ts";
import { keepNote } from "./notes.ts";
import { unsentBecause } from "./opted-out.ts";

/** Asks for a file to be fetched from its channel; `onFetched` takes its answer. */
export function askForFile(
  draft: TransitionContext,
  channel: string,
  { file, of }: { file: Attachment; of: Fetching["of"] },
): void {
  if (draft.state.fetching.length >= FILES_MAX) return failed(draft, { name: nameOf(file), of }, TOO_MANY);
  const ask = `e${draft.event.id}.f${draft.begun++}`;
  draft.asks.push({ id: ask, release: draft.catalog.live.id, request: { kind: "fetch", channel, attachment: file } });
  change(draft, { fetching: [...draft.state.fetching, { ask, name: nameOf(file), of }] });
}

/** A customer's files: those that their channel can hand out. */
export function askForFiles(
  draft: TransitionContext,
  channel: string,
  { files, author }: { files: readonly Attachment[]; author: string },
): void {
  if ((draft.catalog.channel(channel)?.can.attachments.support ?? "dropped") === "dropped") return;
  for (const file of files) askForFile(draft, channel, { file, of: { kind: "customer", author } });
}

/** False: the ask was not for a file. */
export function onFetched(draft: TransitionContext, ask: string, result: CallResult): boolean {
  const fetching = draft.state.fetching.find((one) => one.ask === ask);
  if (fetching === undefined) return false;
  change(draft, { fetching: draft.state.fetching.filter((one) => one !== fetching) });
  const answer = readAnswer("fetch", result);
  if (!answer.ok) failed(draft, fetching, answer.error.message);
  else if (fetching.of.kind === "customer") onCustomerFile(draft, answer.value, fetching.of.author);
  else send(draft, answer.value, fetching.of);
  return true;
}

const TOO_MANY = `${FILES_MAX} other files are still being fetched; send it again later.`;

function failed(draft: TransitionContext, { name, of }: Omit<Fetching, "ask">, message: string): void {
  line(draft, "file.failed", message);
  if (of.kind === "operator") {
    tellSystem(draft, `“${name}” did not go to the customer: ${message}`);
    return hint(draft, of.operator.id, `“${name}” did not go to the customer: ${message}`);
  }
  if (draft.state.case !== null) return tellSystem(draft, `A file of the customer's is missing: ${message}`);
  keepNote(draft, `A file of the customer's is missing: ${message}`);
}

function onCustomerFile(draft: TransitionContext, file: StoredFile, author: string): void {
  line(draft, "file.received", `“${file.name}” was fetched`);
  // A merged case is opened no more, so nothing would show it later.
  const now = isHeld(draft.state) || draft.state.case?.mergedInto != null;
  if (now) return showFile(draft, file, { author, from: "customer" });
  const all = [...draft.state.files, file];
  const [oldest] = all;
  if (all.length > FILES_MAX)
    keepNote(draft, `“${oldest?.name}” is not shown: ${FILES_MAX} newer files came after it.`);
  change(draft, { files: all.slice(-FILES_MAX) });
}

/** Shows the files that came before there was a case. */
export function showFiles(draft: TransitionContext): void {
  for (const file of draft.state.files)
    showFile(draft, file, { author: customerName(draft.state.contact), from: "customer" });
  if (draft.state.files.length > 0) change(draft, { files: [] });
}

function showFile(
  draft: TransitionContext,
  file: StoredFile,
  by: { author: string; from: "customer" | "reply" },
): void {
  draft.tells.push({ kind: "desk", part: { kind: "file", file, ...by }, mirrors: null });
}

/** As a file where the channel can carry it, else as a link; where neither works, the operator hears of it. */
function send(
  draft: TransitionContext,
  file: StoredFile,
  { operator, shown }: Extract<Fetching["of"], { kind: "operator" }>,
): void {
  const { can } = channelOf(draft);
  const url = draft.catalog.fileUrl(file);
  if (!shown) showFile(draft, file, { author: operator.name, from: "reply" });
  if (draft.state.optedOut !== null) {
    line(draft, "file.unsent", `“${file.name}” was not sent: the customer opted out`);
    return tellSystem(draft, `“${file.name}” did not go to the customer: ${unsentBecause(draft)}`);
  }
  const by = { kind: "notice", author: "operator", authorName: operator.name } as const;
  const { support, maxBytes, byUrl } = can.attachments;
  if (support === "native" && file.bytes <= maxBytes && (byUrl !== true || url !== null)) {
    const ref = `f${file.id}`;
    line(draft, "file.sent", `“${file.name}” goes to the customer`);
    const part = { text: file.name, file: { ...file, url }, ref };
    draft.tells.push({ ...by, text: `[file: ${file.name}]`, parts: [part], ref });
    const mark = { kind: "mark", ref, message: null, question: null } as const;
    draft.tells.push({ kind: "desk", part: mark, mirrors: draft.tells.length - 1 });
    return;
  }
  if (url === null) {
    const reason = `the channel ${draft.state.channel} can't carry it, and without PUBLIC_URL there is no link to send`;
    tellSystem(draft, `“${file.name}” did not go to the customer: ${reason}.`);
    return hint(draft, operator.id, `“${file.name}” did not go to the customer: ${reason}.`);
  }
  line(draft, "file.linked", `“${file.name}” goes to the customer as a link`);
  const words = { ref: `f${file.id}`, shown: true };
  tellCustomer(draft, { text: `${file.name}: ${url}`, trusted: true }, { ...by, words });
}

/** The name that people give a file whose name the platform did not say. */
const nameOf = ({ name, mediaType }: Attachment): string => name ?? mediaType ?? "a file";

/** An entry that names the files which follow. */
export const withFiles = (files: readonly Attachment[]): { files?: readonly string[] } =>
  files.length === 0 ? {} : { files: files.map(nameOf) };
