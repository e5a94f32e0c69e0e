/**
 * Slack's ids as ours. One channel of ours is one installation, and within it Slack's ids are unambiguous (`<@U1>` names
 * no workspace either), so the workspace is no part of them.
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

/** `ts`: the thread's parent; null: a DM that is one rolling conversation. */
export const threadOf = (channel: string, ts: string | null): ThreadId =>
  threadId(ts === null ? channel : `${channel}:${ts}`);

/** A thread or a remote message: its Slack channel, and its ts where it has one. */
export function channelAndTs(id: ThreadId | RemoteId | RemoteChannelId): { channel: string; ts: string | null } {
  const at = id.indexOf(":");
  return at === -1 ? { channel: id, ts: null } : { channel: id.slice(0, at), ts: id.slice(at + 1) };
}
