/**
 * Meanings of Slack's error codes for a post (docs.slack.dev, errors of chat.postMessage, chat.update and the file
 * methods). An unknown code is an answer too: nothing was posted, and it is tried again slowly.
 */

/** Treatment of an error code. */
export type ErrorClass =
  /** Slack is busy: the same post will succeed shortly. */
  | "busy"
  /** Slack failed midway; part of it may have succeeded. */
  | "unclear"
  /** An admin has to fix something. Nothing may be lost until then. */
  | "configuration"
  /** The recipient or the message no longer exists. */
  | "gone"
  /** The channel may just have got a new id, which an event reports. */
  | "moved"
  /** Our post is malformed: send it again as plain text. */
  | "malformed";

interface ErrorCode {
  class: ErrorClass;
  /** The cause, and the fix. */
  means: string;
}

const of = (kind: ErrorClass, codes: Readonly<Record<string, string>>): [string, ErrorCode][] =>
  Object.entries(codes).map(([code, means]) => [code, { class: kind, means }]);

const TOKEN = "put the Bot User OAuth Token of the installed app into bot_token";

const ERROR_CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ...of("busy", {
    ratelimited: "too many calls at once",
    rate_limited: "too many posts to this channel at once",
    message_limit_exceeded: "too many posts in the workspace",
  }),
  ...of("unclear", {
    internal_error: "Slack failed; part of it may have succeeded",
    fatal_error: "Slack failed; part of it may have succeeded",
    service_unavailable: "Slack is not available",
    request_timeout: "the request was cut short on its way",
    team_added_to_org: "the workspace is being moved into an organisation",
    org_login_required: "the workspace is being moved into an organisation",
  }),
  ...of("configuration", {
    invalid_auth: `the bot's token is not valid: ${TOKEN}`,
    not_authed: `no token reached Slack: ${TOKEN}`,
    token_revoked: `the bot's token was revoked: install the app again and ${TOKEN}`,
    token_expired: `the bot's token has expired: switch token rotation off and ${TOKEN}`,
    account_inactive: `the bot was removed from the workspace: install the app again and ${TOKEN}`,
    missing_scope: "the app lacks a permission: add the scope to it and install it again",
    not_allowed_token_type: `this is not a bot token: ${TOKEN}`,
    no_permission: "the workspace does not let the app do this: ask its admin",
    access_denied: "the workspace does not let the app do this: ask its admin",
    ekm_access_denied: "the workspace's admin has suspended posting",
    accesslimited: "the workspace does not accept calls from this address: ask its admin",
    team_access_not_granted: "the app is not granted to this workspace: ask its admin",
    messages_tab_disabled: "the app takes no direct messages: switch its Messages tab on (App Home)",
    restricted_action: "the workspace does not let the app post here: ask its admin",
    restricted_action_read_only_channel: "only some may post in this channel: let the app post there",
    restricted_action_thread_only_channel: "the channel takes only replies in threads",
    restricted_action_non_threadable_channel: "the channel takes no replies in threads",
  }),
  ...of("gone", {
    not_in_channel: "the bot is not in the channel: invite it there",
    is_archived: "the channel is archived",
    cannot_dm_bot: "a bot can't be written to",
    user_not_found: "there is no such person",
    user_not_in_channel: "the person is not in the channel",
    user_disabled: "the person's account is switched off",
    restricted_action_thread_locked: "the thread is locked",
    thread_not_found: "there is no such thread any more",
    message_not_found: "there is no such message any more",
    cant_update_message: "we can't change the message",
    edit_window_closed: "the message is too old to be changed",
    is_inactive: "the message can't be changed any more",
    streaming_state_conflict: "the message is still being written",
    block_mismatch: "Slack does not change a message of this kind",
    file_deleted: "the file was deleted",
    file_not_found: "there is no such file any more",
  }),
  ...of("moved", { channel_not_found: "there is no such channel, or the bot is not in it: invite it there" }),
  ...of("malformed", {
    invalid_blocks: "its blocks are not accepted by Slack",
    invalid_blocks_format: "its blocks are not accepted by Slack",
    msg_blocks_too_long: "its blocks are too long",
    msg_too_long: "its text is too long",
    no_text: "it has no text",
    too_many_attachments: "it has too many attachments",
    invalid_metadata_format: "its metadata is not accepted by Slack",
    invalid_metadata_schema: "its metadata is not accepted by Slack",
    metadata_too_large: "its metadata is too large",
    metadata_must_be_sent_from_app: "its metadata is not accepted by Slack",
    markdown_text_conflict: "it has two texts",
    invalid_arguments: "its arguments are not accepted by Slack",
    invalid_arg_name: "its arguments are not accepted by Slack",
  }),
]);

const BUSY_RETRY_MS = 5_000;
const FIX_RETRY_MS = 60_000;
const MOVED_RETRY_MS = 5_000;

export const codeMeaning = (code: string): ErrorCode | undefined => ERROR_CODES.get(code);

/** Returns the delay before a refused post is tried again; for an unknown code, time for somebody to fix it. */
export function retryOf(kind: ErrorClass | undefined): { afterMs: number } | "never" {
  switch (kind) {
    case "busy":
      return { afterMs: BUSY_RETRY_MS };
    case "moved":
      return { afterMs: MOVED_RETRY_MS };
    case "configuration":
    case undefined:
      return { afterMs: FIX_RETRY_MS };
    case "unclear":
    case "gone":
    case "malformed":
      return "never";
  }
}
