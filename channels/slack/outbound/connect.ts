import type { Connection, Deps, SendOptions } from "../../../src/adapter/adapter.ts";
import { SendError } from "../../../src/adapter/send-error.ts";
import type { RemoteId, ThreadId } from "../../../src/domain/ids.ts";
import type { StoredFile } from "../../../src/domain/message.ts";
import type { SlackConfig } from "../config.ts";
import { channelAndTs } from "../ids.ts";
import type { SlackBody } from "./body.ts";
import { download } from "./download.ts";
import { callFor } from "./errors.ts";
import { escape } from "./escape.ts";
import { pacerOf } from "./pace.ts";
import { holdWhenBusy, type PostClient, post, update } from "./post.ts";
import { type ReconcileOptions, reconcile } from "./reconcile.ts";
import { textBlocks } from "./render.ts";
import { upload } from "./upload.ts";
import { apiOrigin, openWebClient } from "./web-client.ts";

/** The most unclear file sends remembered; the oldest were reconciled long ago. */
const MAX_UNCLEAR = 200;
const UNREAD_RETRY_MS = 5_000;

/** Sends over Slack's Web API (https://docs.slack.dev/reference/methods/chat.postMessage). */
export async function connect(config: SlackConfig, { log }: Deps): Promise<Connection<SlackBody>> {
  const web = await openWebClient(config);
  const origin = apiOrigin(config);
  // Slack stores no key with a file: one whose upload got no answer is found by its name and size.
  const unclear = new Map<string, StoredFile>();
  const connection: Connection<SlackBody> = {
    async send(thread, body, o) {
      if (body.kind === "message") return post(client, body, { ...channelAndTs(thread), ...o });
      return share(client, body.file, { ...o, thread, origin, unclear });
    },
    reconcile: (thread, key, o: Omit<ReconcileOptions, "key">) =>
      reconcile(web, channelAndTs(thread), { file: unclear.get(key), ...o, key }),
    async edit(thread, message, body, flight) {
      // Uses the thread's channel, which may have a new id since the message was sent.
      const { ts } = channelAndTs(message);
      if (body.kind === "file" || ts === null) throw unchangeable();
      await update(client, body, { channel: channelAndTs(thread).channel, ts, ...flight });
    },
    async hint(thread, to, { text, ...flight }) {
      const { channel, ts } = channelAndTs(thread);
      const message = { text: escape(text), blocks: textBlocks({ text }), parse: "none" } as const;
      await callFor(flight, () =>
        web.chat.postEphemeral({ channel, user: to, ...(ts !== null && { thread_ts: ts }), ...message }),
      );
    },
    download: (ref, o) => download(web, ref, { ...o, token: config.bot_token, origin }),
    close: async () => {},
  };
  const client: PostClient = { web, log, pacer: pacerOf(connection, paceOf(config)) };
  return connection;
}

const paceOf = ({ posts_per_second: perSecond }: SlackConfig): { everyMs?: number } =>
  perSecond === undefined ? {} : { everyMs: 1_000 / perSecond };

interface Sharing extends SendOptions {
  thread: ThreadId;
  origin: string;
  unclear: Map<string, StoredFile>;
}

async function share(client: PostClient, file: StoredFile, o: Sharing): Promise<RemoteId> {
  const { key, thread, origin, unclear, signal, leaving, content } = o;
  const { channel, ts } = channelAndTs(thread);
  const bytes = await bytesOf(file, content);
  await client.pacer.turn(channel, signal);
  try {
    return await holdWhenBusy(client, channel, () =>
      upload(client.web, { name: file.name, bytes }, { channel, ts, origin, signal, leaving }),
    );
  } catch (error) {
    if (error instanceof SendError && error.outcome === "unknown") remember(unclear, key, file);
    throw error;
  }
}

async function bytesOf(file: StoredFile, content: SendOptions["content"]): Promise<Uint8Array> {
  try {
    if (content === undefined) throw new Error("`content` was not given to `send`");
    return await content(file);
  } catch (cause) {
    const facts = { outcome: "not-sent", retry: { afterMs: UNREAD_RETRY_MS }, code: "file_unread", cause } as const;
    throw new SendError("The file could not be read from our database; nothing was sent", facts);
  }
}

function remember(unclear: Map<string, StoredFile>, key: string, file: StoredFile): void {
  unclear.set(key, file);
  const [oldest] = unclear.keys();
  if (unclear.size > MAX_UNCLEAR && oldest !== undefined) unclear.delete(oldest);
}

const unchangeable = (): SendError =>
  new SendError("A file that was sent to Slack can't be changed", { outcome: "not-sent", retry: "never" });
