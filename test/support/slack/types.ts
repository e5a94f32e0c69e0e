/** Interface of the Slack counterpart for tests. */
import type { KnownBlock, ModalView, View } from "@slack/types";

export interface SlackOptions {
  /** Scopes of the bot token. Default: those of our manifest. */
  scopes?: readonly string[];
  /** Answers posts to a channel beyond the burst with 429. `true`: 1 a second, burst 3. */
  paced?: boolean | { perSecond: number; burst: number };
  /** Shortens the minutes between Slack's retries, its warning before a refresh, and the virus scan of a shared file. */
  timeScale?: number;
  /** Time that Slack waits for an answer. Real time, not scaled: the server under test commits before it answers. */
  ackMs?: number;
  /** Lifetime of a trigger id. Real time; `expireTriggers()` ends it at once. */
  triggerMs?: number;
  /** The largest page of a list, whatever `limit` says, to exercise paging. */
  pageSize?: number;
}

/** A message as Slack stores and returns it. */
export interface SlackMessage {
  type: "message";
  ts: string;
  text: string;
  subtype?: string;
  thread_ts?: string;
  user?: string;
  bot_id?: string;
  app_id?: string;
  username?: string;
  team?: string;
  client_msg_id?: string;
  blocks?: KnownBlock[];
  attachments?: Record<string, unknown>[];
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  files?: Record<string, unknown>[];
  edited?: { user: string; ts: string };
  reply_count?: number;
  latest_reply?: string;
  [other: string]: unknown;
}

export interface Ephemeral {
  channel: string;
  ts: string;
  thread_ts: string | null;
  text: string;
  blocks: KnownBlock[];
}

/** A view as Slack stores it. */
export type StoredView = View & {
  id: string;
  hash: string;
  root_view_id: string;
  previous_view_id: string | null;
  state: { values: Record<string, Record<string, unknown>> };
};

export type StoredModal = StoredView & ModalView;

export interface ApiCall {
  method: string;
  arguments: Record<string, unknown>;
  at: number;
  /** Slack's JSON answer; null if the socket was closed or the answer was a status only. */
  answer: unknown;
}

export interface FaultOptions {
  /** Number of calls; default 1. */
  times?: number;
  /** HTTP 200 with `ok: false`. For "files.download" any error gives the HTML login page. */
  error?: string;
  /** Further fields of that answer (`needed`, `provided`…). */
  more?: Record<string, unknown>;
  /** An HTTP status with an HTML page. */
  status?: number;
  /** 429 with this Retry-After. */
  retryAfterS?: number;
  /** With `error`: the call took effect anyway, as documented for `internal_error` and `fatal_error`. */
  takesEffect?: boolean;
  /** The socket is closed before, or after, the call took effect. */
  drop?: "before" | "after";
  delayMs?: number;
}

/** Answer of the server under test; status 0: none. */
export interface Answered {
  status: number;
  body: string;
}

export interface PostedFile {
  name: string;
  mediaType: string;
  bytes: Uint8Array;
  /** Slack no longer serves it. */
  mode?: "tombstone" | "hidden_by_limit";
  /** URL of a file at another service. */
  externalUrl?: string;
}

export interface PostOptions {
  thread?: string;
  files?: readonly PostedFile[];
  mentionsBot?: boolean;
  subtype?: string;
  /** Also shown in the channel (`thread_broadcast`). */
  broadcast?: boolean;
}

export interface EmitOptions {
  eventId?: string;
  /** Overrides fields of the envelope. */
  envelope?: Record<string, unknown>;
  /** Overrides headers. */
  headers?: Record<string, string>;
  /** Offset of the signature's time from now, in seconds. */
  signedAtOffsetS?: number;
  /** Does not retry a failed delivery. */
  once?: boolean;
}

export interface PressOptions {
  /** Text of the option to choose in a select, overflow menu or radio buttons; or the text to type into a field. */
  option?: string;
  /** Values of the other fields, by block id. */
  values?: Record<string, string>;
}

export interface SlackCounterpart extends AsyncDisposable {
  /** "http://127.0.0.1:PORT": the Web API is under /api/, files under /files/. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  readonly botId: string;

  /** The Request URL for events, interactivity and commands; null: Socket Mode, or none. */
  deliverTo(url: string | null): void;
  /** Slack's check of a Request URL; throws unless the challenge comes back. */
  verifyUrl(): Promise<Answered>;

  /** Adds a person. `external`: of another workspace (Slack Connect). */
  addUser(o: { name: string; external?: boolean; locale?: string; email?: string }): { id: string; name: string };
  removeUser(id: string): Promise<void>;
  addChannel(o: { name: string; members?: string[]; private?: boolean; shared?: boolean; bot?: boolean }): {
    id: string;
  };
  /** Renames a channel; sends `channel_rename`. */
  rename(channel: string, name: string): Promise<void>;
  /** Gives a channel a new id; sends `channel_id_changed`. The old id answers `channel_not_found`. */
  moveChannel(channel: string): Promise<string>;
  archive(channel: string): Promise<void>;
  share(channel: string): Promise<void>;
  unshare(channel: string): Promise<void>;
  join(user: string, channel: string): Promise<void>;
  leave(user: string, channel: string): Promise<void>;
  /** Returns the conversation of this person with the bot ("D…"). */
  dm(user: string): string;
  usergroup(o: { handle: string; members: string[] }): { id: string };
  setUsergroup(id: string, members: string[]): Promise<void>;

  /** Posts a message; resolves when the server under test has answered, or failed to answer, each of its events once. */
  post(user: string, channel: string, text: string, o?: PostOptions): Promise<{ ts: string }>;
  edit(user: string, channel: string, ts: string, text: string): Promise<void>;
  remove(user: string, channel: string, ts: string): Promise<void>;
  /** Posts as another app: as `bot_message`, or like a person with a `bot_id`. */
  postAsApp(
    botId: string,
    channel: string,
    text: string,
    o?: { username?: string; thread?: string },
  ): Promise<{ ts: string }>;

  /** Presses the element with this text or action id; throws if there is none. */
  click(user: string, channel: string, ts: string, what: string, o?: PressOptions): Promise<Answered>;
  clickHome(user: string, what: string, o?: PressOptions): Promise<Answered>;
  clickModal(user: string, what: string, o?: PressOptions): Promise<Answered>;
  /** Submits the top modal, with fields by block id; like Slack's own client, refuses missing or too long values. */
  submit(user: string, values: Record<string, string>, o?: { view?: StoredView }): Promise<Answered>;
  closeModal(user: string): Promise<void>;
  command(user: string, text: string, o?: { channel?: string; command?: string }): Promise<Answered>;
  shortcut(user: string, callbackId: string, o?: { channel?: string; ts?: string }): Promise<Answered>;
  openHome(user: string): Promise<void>;

  /** Returns the messages of a channel; with `thread`, its parent and replies. */
  messages(channel: string, o?: { thread?: string }): SlackMessage[];
  ephemerals(user: string): Ephemeral[];
  /** Returns the open modals, the top one last. */
  modals(user: string): StoredModal[];
  home(user: string): StoredView | null;
  readonly calls: readonly ApiCall[];
  /** All rules of Slack that a call or an answer broke. */
  readonly violations: readonly string[];

  fault(method: string, o: FaultOptions): void;
  /** Refuses connections and cuts open ones. */
  down(on: boolean): void;
  /** Makes the bot token answer `token_revoked`. */
  revoke(on: boolean): void;
  /** Replaces the scopes. */
  setScopes(scopes: readonly string[]): void;
  expireTriggers(): void;
  readonly socket: { connections(): number; refresh(): void };
  /** Sends any inner event, wrapped and signed; `status` is that of the first delivery. */
  emit(event: Record<string, unknown>, o?: EmitOptions): Promise<{ status: number }>;
  /** Sends any payload as an interaction. */
  interact(payload: Record<string, unknown>): Promise<Answered>;
  /** Resolves when nothing is pending: no delivery, no retry, no scan of a file. */
  settled(): Promise<void>;
}

/** A fault with the number of calls that it still affects. */
export interface Fault extends FaultOptions {
  left: number;
}
