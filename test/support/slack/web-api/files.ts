/** `files.*`: files are uploaded in two steps, and shared some time after the second. */
import { randomUUID } from "node:crypto";
import { storeAndSend } from "../echoes.ts";
import { fileEvent, fileObject } from "../files.ts";
import type { SlackMessage } from "../types.ts";
import { type Channel, type FileRecord, nextId, nextTs, pause, trackPending, type World } from "../world.ts";
import { type Call, type Method, text, writableChannel } from "./call.ts";
import { Refusal } from "./refusal.ts";

/** Time of the virus scan before a file is shared. */
const SCAN_MS = 2_000;

export const files: Record<string, Method> = {
  "files.getUploadURLExternal": {
    needs: ["files:write"],
    takes: { filename: "text", length: "number", alt_txt: "text", alt_text: "text", snippet_type: "text" },
    required: ["filename", "length"],
    run: uploadUrl,
  },
  "files.completeUploadExternal": {
    needs: ["files:write"],
    takes: {
      files: "json",
      channel_id: "text",
      channels: "text",
      thread_ts: "text",
      initial_comment: "text",
      blocks: "json",
    },
    required: ["files"],
    run: complete,
  },
  "files.info": { needs: ["files:read"], takes: { file: "text" }, required: ["file"], run: info },
};

function uploadUrl(call: Call): Record<string, unknown> {
  const { world, args } = call;
  const name = text(call, "filename") ?? "";
  const length = Number(args["length"]);
  if (length <= 0) throw new Refusal("invalid_arguments");
  const id = nextId(world, "F");
  const kind = { title: name, mediaType: "application/octet-stream", mode: "hosted", externalUrl: undefined };
  const empty = { bytes: new Uint8Array(), awaiting: length, complete: false, shares: [] };
  world.files.set(id, { id, name, ...kind, user: world.ids.botUserId, ...empty });
  const ticket = randomUUID();
  world.uploads.set(ticket, id);
  return { upload_url: `${world.apiUrl}/upload/v1/${ticket}`, file_id: id };
}

function complete(call: Call): Record<string, unknown> {
  const { world, args } = call;
  const given = args["files"] as { id: string; title?: string }[];
  const records = given.map(({ id, title }) => uploaded(world, id, title));
  if (args["channel_id"] !== undefined) {
    const channel = writableChannel(call);
    const thread = text(call, "thread_ts");
    if (thread !== undefined && !channel.messages.some((one) => one.ts === thread))
      throw new Refusal("thread_not_found");
    void trackPending(world, () => share(call, channel, records));
  }
  return { files: records.map(({ id, title }) => ({ id, title })) };
}

function uploaded(world: World, id: string, title: string | undefined): FileRecord {
  const file = world.files.get(id);
  if (!file || file.user !== world.ids.botUserId || file.awaiting !== null) throw new Refusal("file_not_found");
  if (file.complete) throw new Refusal("file_already_completed");
  file.complete = true;
  file.title = title ?? file.name;
  return file;
}

/** Shares files in a message of the bot's user, without a `bot_id`. */
async function share(call: Call, channel: Channel, records: readonly FileRecord[]): Promise<void> {
  const { world } = call;
  await pause(SCAN_MS * world.options.timeScale);
  const ts = nextTs(world);
  const thread = text(call, "thread_ts");
  const objects = records.map((file) => fileEvent(world, file, channel));
  const about = { user: world.ids.botUserId, text: text(call, "initial_comment") ?? "", files: objects, upload: true };
  const message: SlackMessage = { type: "message", subtype: "file_share", ts, ...about };
  if (thread !== undefined) message.thread_ts = thread;
  for (const file of records) file.shares.push({ channel, ts });
  await storeAndSend(world, channel, { message });
}

function info(call: Call): Record<string, unknown> {
  const file = call.world.files.get(text(call, "file") ?? "");
  if (!file || !(file.complete || file.awaiting === null)) throw new Refusal("file_not_found");
  const shares: Record<string, Record<string, { ts: string }[]>> = { public: {}, private: {} };
  for (const { channel, ts } of file.shares) {
    const side = (shares[channel.kind === "public" ? "public" : "private"] ??= {});
    side[channel.id] = [...(side[channel.id] ?? []), { ts }];
  }
  return { file: { ...fileObject(call.world, file), shares }, comments: [], response_metadata: { next_cursor: "" } };
}
