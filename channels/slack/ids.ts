/**
 * Maps Slack's ids to ours. One channel of ours is one installation, within which Slack's ids are unique (`<@U1>` names no
 * workspace either), so ours do not contain the workspace.
 *
 * - place: a Slack channel or DM, "C1"
 * - thread: "C1:1700000000.000100", the parent's ts; a rolling DM is its place, "D1"
 * - address: a user, "U1"
 * - remote: a message, "C1:1700000000.000200"; a file, "F1"
 */
import {
  type Address,
  address,
  type RemoteChannelId,
  type RemoteId,
  remoteChannelId,
  remoteId,
  type ThreadId,
  threadId,
} from "../../src/domain/ids.ts";

export const placeOf = (channel: string): RemoteChannelId => remoteChannelId(channel);
export const userAddress = (user: string): Address => address(user);
export const remoteMessage = (channel: string, ts: string): RemoteId => remoteId(`${channel}:${ts}`);

/** Returns the id of a thread. `ts`: its parent; null: a DM that is one rolling conversation. */
export const threadOf = (channel: string, ts: string | null): ThreadId =>
  threadId(ts === null ? channel : `${channel}:${ts}`);

/** Splits the id of a thread or message into its Slack channel and its ts, if it has one. */
export function channelAndTs(id: ThreadId | RemoteId | RemoteChannelId): { channel: string; ts: string | null } {
  const at = id.indexOf(":");
  return at === -1 ? { channel: id, ts: null } : { channel: id.slice(0, at), ts: id.slice(at + 1) };
}
