/** Scopes and events that our app asks for, with reasons; used by the manifest, the doctor and the README. */

/** Features of an installation that decide about scopes and events. */
export interface Needs {
  /** Operators work in this workspace. */
  desk: boolean;
  /** Customers' words are posted under their names (`mirror: username`). */
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
  "app_mentions:read": { why: "receive mentions of the app in channels" },
  "assistant:write": { if: "agentView", why: "have an agent view" },
  "channels:history": { why: "receive messages in its public channels, and check whether a message arrived" },
  "channels:join": { if: "desk", why: "join the queues' public channels by itself" },
  "channels:read": { why: "find public channels, list their members, follow one that gets a new id" },
  "chat:write": { why: "send messages" },
  "chat:write.customize": { if: "names", why: "post customers' words under their names" },
  commands: { if: "desk", why: "offer /desk and the shortcuts" },
  "files:read": { why: "fetch files that are sent to it" },
  "files:write": { why: "pass files on" },
  "groups:history": { why: "receive messages in its private channels, and check whether a message arrived" },
  "groups:read": { why: "find private channels, list their members, follow one that gets a new id" },
  "im:history": { why: "receive direct messages" },
  "im:read": { why: "recognise its direct messages" },
  "im:write": { why: "write to someone first" },
  "mpim:history": { why: "receive group messages" },
  "mpim:read": { why: "recognise its group messages" },
  "usergroups:read": { if: "usergroups", why: "list the members of the queues' user groups" },
  "users:read": { why: "read people's names" },
};

/** Events that the bot receives (https://docs.slack.dev/reference/events). */
export const EVENTS: Readonly<Record<string, Requested>> = {
  app_home_opened: { if: "desk", why: "show operators their cases" },
  app_mention: { why: "receive mentions as messages" },
  app_uninstalled: { why: "log why nothing arrives any more" },
  channel_archive: { if: "desk", why: "notice that a queue's channel was archived" },
  channel_id_changed: { why: "follow a channel that gets a new id" },
  channel_rename: { if: "desk", why: "notice that a queue's channel was renamed" },
  channel_shared: { if: "desk", why: "stop showing cases where another organisation could read them" },
  channel_unshared: { if: "desk", why: "show cases again when the sharing ends" },
  member_joined_channel: { if: "desk", why: "know the members of a queue" },
  member_left_channel: { if: "desk", why: "give back the cases of members who left" },
  "message.channels": { why: "receive messages in public channels" },
  "message.groups": { why: "receive messages in private channels" },
  "message.im": { why: "receive direct messages" },
  "message.mpim": { why: "receive group messages" },
  subteam_members_changed: { if: "usergroups", why: "know the members of a queue" },
  subteam_updated: { if: "usergroups", why: "know the members of a queue" },
  tokens_revoked: { why: "log why nothing is sent any more" },
  user_change: { if: "desk", why: "give back the cases of people who left the workspace" },
};

/** Returns the names in a table that an installation needs, in order. */
export const neededNames = (table: Readonly<Record<string, Requested>>, needs: Needs): string[] =>
  Object.entries(table)
    .filter(([, { if: only }]) => only === undefined || needs[only])
    .map(([name]) => name);
