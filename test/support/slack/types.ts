/** What the Slack counterpart offers to tests. */
import type { KnownBlock, ModalView, View } from "@slack/types";

export interface SlackOptions {
  /** Scopes of the bot token. Default: those of our manifest. */
  scopes?: readonly string[];
  /** Posts to one channel beyond the burst are answered with 429. `true`: 1 a second, burst 3. */
  paced?: boolean | { perSecond: number; burst: number };
  /** Shortens the minutes between Slack's retries, its warning before a refresh, and the virus scan of a shared file. */
  timeScale?: number;
  /** How long Slack waits for an answer. Real time, not scaled: the server under test commits before it answers. */
  ackMs?: number;
  /** How long a trigger id lives. Real time; `expireTriggers()` ends it at once. */
  triggerMs?: number;
  /** The most that one page of a list holds, whatever `limit` says, so that paging is exercised. */
  pageSize?: number;
}

/** A message as Slack stores it and gives it out. */
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
  /** The JSON that Slack answered; null where the socket was closed or the status alone said it. */
  answer: unknown;
}

export interface FaultOptions {
  /** How many calls; default 1. */
  times?: number;
  /** HTTP 200 with `ok: false`. For "files.download" any error gives the HTML login page. */
  error?: string;
  /** Further fields of that answer (`needed`, `provided`…). */
  more?: Record<string, unknown>;
  /** An HTTP status with an HTML page. */
  status?: number;
  /** 429 with this Retry-After. */
  retryAfterS?: number;
  /** With `error`: the call took effect all the same, as Slack says of `internal_error` and `fatal_error`. */
  takesEffect?: boolean;
  /** The socket is closed before, or after, the call took effect. */
  drop?: "before" | "after";
  delayMs?: number;
}

/** How the server under test answered; status 0: not at all. */
export interface Answered {
  status: number;
  body: string;
}

export interface PostedFile {
  name: string;
  mediaType: string;
  bytes: Uint8Array;
  /** Slack does not give it out any more. */
  mode?: "tombstone" | "hidden_by_limit";
  /** It lies elsewhere, at this URL. */
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
  /** Fields of the envelope, in place of the usual ones. */
  envelope?: Record<string, unknown>;
  /** Headers, in place of the usual ones. */
  headers?: Record<string, string>;
  /** Signed as of so many seconds from now. */
  signedAtOffsetS?: number;
  /** A delivery that failed is not tried again. */
  once?: boolean;
}

export interface PressOptions {
  /** The text of the option to choose, of a select, an overflow menu or radio buttons; what is typed into a field. */
  option?: string;
  /** What stands in the other fields by then, by block id. */
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

  /** The Request URL for events, interactivity and commands; null: Socket Mode, or nobody. */
  deliverTo(url: string | null): void;
  /** Slack's check of a Request URL; throws unless the challenge comes back. */
  verifyUrl(): Promise<Answered>;

  /** `external`: of another workspace (Slack Connect). */
  addUser(o: { name: string; external?: boolean; locale?: string; email?: string }): { id: string; name: string };
  removeUser(id: string): Promise<void>;
  addChannel(o: { name: string; members?: string[]; private?: boolean; shared?: boolean; bot?: boolean }): {
    id: string;
  };
  /** A new name, told by `channel_rename`. */
  rename(channel: string, name: string): Promise<void>;
  /** A new id, told by `channel_id_changed`; the old one answers `channel_not_found`. */
  moveChannel(channel: string): Promise<string>;
  archive(channel: string): Promise<void>;
  share(channel: string): Promise<void>;
  unshare(channel: string): Promise<void>;
  join(user: string, channel: string): Promise<void>;
  leave(user: string, channel: string): Promise<void>;
  /** The conversation of this person with the bot ("D…"). */
  dm(user: string): string;
  usergroup(o: { handle: string; members: string[] }): { id: string };
  setUsergroup(id: string, members: string[]): Promise<void>;

  /** Resolves when the server under test has answered (or failed to answer) every event that this gives, once. */
  post(user: string, channel: string, text: string, o?: PostOptions): Promise<{ ts: string }>;
  edit(user: string, channel: string, ts: string, text: string): Promise<void>;
  remove(user: string, channel: string, ts: string): Promise<void>;
  /** Another app posts: as `bot_message`, or like a person with a `bot_id`. */
  postAsApp(
    botId: string,
    channel: string,
    text: string,
    o?: { username?: string; thread?: string },
  ): Promise<{ ts: string }>;

  /** Presses what has this text or action id; throws where there is no such thing to press. */
  click(user: string, channel: string, ts: string, what: string, o?: PressOptions): Promise<Answered>;
  clickHome(user: string, what: string, o?: PressOptions): Promise<Answered>;
  clickModal(user: string, what: string, o?: PressOptions): Promise<Answered>;
  /** Hands in the modal on top, its fields named by block id; Slack's own client refuses what is missing or too long. */
  submit(user: string, values: Record<string, string>, o?: { view?: StoredView }): Promise<Answered>;
  closeModal(user: string): Promise<void>;
  command(user: string, text: string, o?: { channel?: string; command?: string }): Promise<Answered>;
  shortcut(user: string, callbackId: string, o?: { channel?: string; ts?: string }): Promise<Answered>;
  openHome(user: string): Promise<void>;

  /** Everything in a channel; with `thread`, its parent and replies. */
  messages(channel: string, o?: { thread?: string }): SlackMessage[];
  ephemerals(user: string): Ephemeral[];
  /** Open modals, the one on top last. */
  modals(user: string): StoredModal[];
  home(user: string): StoredView | null;
  readonly calls: readonly ApiCall[];
  /** Every rule of Slack's that a call or an answer broke. */
  readonly violations: readonly string[];

  fault(method: string, o: FaultOptions): void;
  /** Connections are refused, open ones are cut. */
  down(on: boolean): void;
  /** The bot token answers `token_revoked`. */
  revoke(on: boolean): void;
  /** Takes scopes away, or gives others. */
  setScopes(scopes: readonly string[]): void;
  expireTriggers(): void;
  readonly socket: { connections(): number; refresh(): void };
  /** Any inner event, wrapped and signed; `status` is that of the first delivery. */
  emit(event: Record<string, unknown>, o?: EmitOptions): Promise<{ status: number }>;
  /** Sends any payload as an interaction. */
  interact(payload: Record<string, unknown>): Promise<Answered>;
  /** Resolves when nothing is under way: no delivery, no retry, no file being scanned. */
  settled(): Promise<void>;
}

/** A fault that was ordered, with how many calls it still meets. */
export interface Fault extends FaultOptions {
  left: number;
}
