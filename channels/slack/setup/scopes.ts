/** What our app asks a workspace for, each with its reason: the manifest, the doctor and the README tell the same. */

/** What an installation does, as far as it decides what is asked for. */
export interface Needs {
  /** Operators work in this workspace. */
  desk: boolean;
  /** Customers' words are shown under their names (`mirror: username`). */
  names: boolean;
  /** A queue's members are a user group. */
  usergroups: boolean;
  /** The app has an agent view. */
  agentView: boolean;
}

interface Requested {
  /** Left out: always. */
  if?: keyof Needs;
  why: string;
}

/** Bot token scopes (https://docs.slack.dev/reference/scopes). */
export const SCOPES: Readonly<Record<string, Requested>> = {
  "app_mentions:read": { why: "hear who mentions it in a channel" },
  "assistant:write": { if: "agentView", why: "have an agent view" },
  "channels:history": { why: "hear what is written in public channels it is in, and look whether a message arrived" },
  "channels:join": { if: "desk", why: "join the queues' public channels by itself" },
  "channels:read": { why: "find public channels, see who is in them, follow one that gets a new id" },
  "chat:write": { why: "write" },
  "chat:write.customize": { if: "names", why: "show customers' words under the customers' names" },
  commands: { if: "desk", why: "offer /desk and the shortcuts" },
  "files:read": { why: "fetch files that are sent to it" },
  "files:write": { why: "pass files on" },
  "groups:history": { why: "the same as channels:history in private channels" },
  "groups:read": { why: "the same as channels:read for private channels" },
  "im:history": { why: "hear what is written to it directly" },
  "im:read": { why: "know its direct messages" },
  "im:write": { why: "write to someone first" },
  "mpim:history": { why: "hear what is written in group messages it is in" },
  "mpim:read": { why: "know its group messages" },
  "usergroups:read": { if: "usergroups", why: "see who is in the user groups that queues name" },
  "users:read": { why: "know people by their names" },
};

/** Events that the bot hears (https://docs.slack.dev/reference/events). */
export const EVENTS: Readonly<Record<string, Requested>> = {
  app_home_opened: { if: "desk", why: "show operators their cases" },
  app_mention: { why: "take a mention as a message" },
  app_uninstalled: { why: "say why nothing arrives any more" },
  channel_archive: { if: "desk", why: "notice that a queue's channel is gone" },
  channel_id_changed: { why: "follow a channel that gets a new id" },
  channel_rename: { if: "desk", why: "notice that a queue's channel has another name" },
  channel_shared: { if: "desk", why: "stop showing cases where another organisation reads along" },
  channel_unshared: { if: "desk", why: "begin again when it no longer does" },
  member_joined_channel: { if: "desk", why: "know who works in a queue" },
  member_left_channel: { if: "desk", why: "take back the cases of who left" },
  "message.channels": { why: "hear messages in public channels" },
  "message.groups": { why: "hear messages in private channels" },
  "message.im": { why: "hear direct messages" },
  "message.mpim": { why: "hear group messages" },
  subteam_members_changed: { if: "usergroups", why: "know who works in a queue" },
  subteam_updated: { if: "usergroups", why: "know who works in a queue" },
  tokens_revoked: { why: "say why nothing is sent any more" },
  user_change: { if: "desk", why: "take back the cases of who left the workspace" },
};

/** The names in a table that an installation needs, in order. */
export const needed = (table: Readonly<Record<string, Requested>>, needs: Needs): string[] =>
  Object.entries(table)
    .filter(([, { if: only }]) => only === undefined || needs[only])
    .map(([name]) => name);
