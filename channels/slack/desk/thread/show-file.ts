import { SendError } from "../../../../src/adapter/send-error.ts";
import type { DeskOptions, ShownFile } from "../../../../src/desk/desk.ts";
import type { RemoteId } from "../../../../src/domain/ids.ts";
import { remoteMessage } from "../../ids.ts";
import { MAX_FILE_BYTES } from "../../limits.ts";
import { upload } from "../../outbound/upload.ts";
import { cleanName, type DeskMessage, lines, shortened, words } from "../view/blocks.ts";
import { type DeskClient, postShown, type Spot } from "./desk-client.ts";

interface Showing {
  at: Spot;
  file: ShownFile;
}

const READ_RETRY_MS = 5_000;
const MEGABYTE = 1_024 * 1_024;
/** Our own limit: Slack shows a title on one line. */
const MAX_TITLE_CHARACTERS = 200;

/** Uploads a file into the thread; if it is too large, posts its name instead. Throws SendError. */
export async function showFile(client: DeskClient, { at, file: shown }: Showing, o: DeskOptions): Promise<RemoteId> {
  const { file } = shown;
  if (file.bytes > MAX_FILE_BYTES) {
    return remoteMessage(at.channel, await postShown(client, at, { ...o, shown: tooLarge(shown) }));
  }
  const bytes = await read(shown);
  await client.pacer.turn(at.channel, o.signal);
  const { signal, leaving } = o;
  const to = { ...at, origin: client.origin, signal, leaving };
  return upload(client.web, { name: file.name, title: titleOf(shown), bytes }, to);
}

/** Renders the author into the title, which is plain text at Slack; a comment would be mrkdwn. */
const titleOf = (shown: ShownFile): string =>
  shortened(`${cleanName(shown.file.name, "file")} · ${senderOf(shown)}`, MAX_TITLE_CHARACTERS);

function senderOf({ author, kind }: ShownFile): string {
  const name = cleanName(author, "somebody");
  return kind === "customer" ? `from ${name}` : `${name} sent it to the customer`;
}

function tooLarge(shown: ShownFile): DeskMessage {
  const { file, url } = shown;
  const megabytes = Math.ceil(file.bytes / MEGABYTE);
  const message = `📎 ${cleanName(file.name, "file")} · ${senderOf(shown)}: ${megabytes} MB, too large to be shown in Slack.`;
  const where = url === null ? " It is stored, but has no address: set PUBLIC_URL." : " Open it here: ";
  const link = url === null ? [] : [{ type: "link" as const, url }];
  return { text: `${message}${where}${url ?? ""}`, blocks: [lines([[words(message + where), ...link]])] };
}

async function read(shown: ShownFile): Promise<Uint8Array> {
  try {
    return await shown.content();
  } catch (cause) {
    if (cause instanceof SendError) throw cause;
    const facts = { outcome: "not-sent", retry: { afterMs: READ_RETRY_MS }, cause } as const;
    throw new SendError("A file for the desk could not be read", facts);
  }
}
