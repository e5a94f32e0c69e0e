/** Changes channels, people and groups, and sends Slack's events for them. */
import { dispatch } from "./events.ts";
import { notice } from "./people.ts";
import { personObject } from "./web-api/people.ts";
import { type Channel, channelOf, nextId, nextTs, personOf, type World } from "./world.ts";

/** Sends an event about a channel, if the app gets it. */
async function announce(world: World, channel: Channel, event: Record<string, unknown>): Promise<void> {
  await dispatch(world, { ...event, event_ts: nextTs(world) }, { channel });
}

export async function rename(world: World, id: string, name: string): Promise<void> {
  const channel = channelOf(world, id);
  channel.name = name;
  const about = { id, name, name_normalized: name, created: 0, is_channel: true, is_mpim: false };
  await announce(world, channel, {
    type: channel.kind === "private" ? "group_rename" : "channel_rename",
    channel: about,
  });
}

/** Gives a channel a new id, as when sharing begins; its messages move along. */
export async function move(world: World, id: string): Promise<string> {
  const channel = channelOf(world, id);
  world.channels.delete(id);
  channel.id = nextId(world, "C");
  world.channels.set(channel.id, channel);
  await announce(world, channel, { type: "channel_id_changed", old_channel_id: id, new_channel_id: channel.id });
  return channel.id;
}

export async function archive(world: World, id: string): Promise<void> {
  const channel = channelOf(world, id);
  channel.archived = true;
  const type = channel.kind === "private" ? "group_archive" : "channel_archive";
  await announce(world, channel, { type, channel: id, user: "USLACK", is_moved: 0 });
}

export async function share(world: World, id: string, on: boolean): Promise<void> {
  const channel = channelOf(world, id);
  channel.shared = on;
  const other = world.ids.otherTeamId;
  const event = on
    ? { type: "channel_shared", connected_team_id: other, channel: id }
    : { type: "channel_unshared", previously_connected_team_id: other, channel: id, is_ext_shared: false };
  await announce(world, channel, event);
}

export async function join(world: World, user: string, id: string): Promise<void> {
  const channel = channelOf(world, id);
  if (channel.members.has(user)) return;
  channel.members.add(user);
  if (!channel.members.has(world.ids.botUserId)) return;
  const event = {
    type: "member_joined_channel",
    user,
    channel: id,
    channel_type: letter(channel),
    team: world.ids.teamId,
  };
  const told = notice(world, channel, { subtype: "channel_join", user, text: `<@${user}> has joined the channel` });
  await Promise.all([announce(world, channel, event), told]);
}

export async function leave(world: World, user: string, id: string): Promise<void> {
  const channel = channelOf(world, id);
  const bot = user === world.ids.botUserId;
  if (!channel.members.delete(user) || !(bot || channel.members.has(world.ids.botUserId))) return;
  const event = {
    type: "member_left_channel",
    user,
    channel: id,
    channel_type: letter(channel),
    team: world.ids.teamId,
  };
  const own = { type: channel.kind === "private" ? "group_left" : "channel_left", channel: id, actor_id: "USLACK" };
  const told = notice(world, channel, { subtype: "channel_leave", user, text: `<@${user}> has left the channel` });
  await Promise.all([announce(world, channel, bot ? own : event), told]);
}

const letter = (channel: Channel): string => (channel.kind === "private" ? "G" : "C");

/** Deactivates a person's account. */
export async function removePerson(world: World, id: string): Promise<void> {
  const person = personOf(world, id);
  person.deleted = true;
  for (const channel of world.channels.values()) if (channel.kind !== "im") channel.members.delete(id);
  const event = { type: "user_change", user: personObject(world, person), cache_ts: 0, event_ts: nextTs(world) };
  await dispatch(world, event);
}

export function addGroup(world: World, { handle, members }: { handle: string; members: string[] }): { id: string } {
  const id = nextId(world, "S");
  world.usergroups.set(id, { id, handle: handle.replace(/^@/, ""), members });
  return { id };
}

export async function setGroup(world: World, id: string, members: string[]): Promise<void> {
  const group = world.usergroups.get(id);
  if (!group) throw new Error(`There is no user group ${id}`);
  const added = members.filter((one) => !group.members.includes(one));
  const removed = group.members.filter((one) => !members.includes(one));
  group.members = members;
  const counts = { added_users_count: added.length, removed_users_count: removed.length };
  const about = { subteam_id: id, team_id: world.ids.teamId, added_users: added, removed_users: removed, ...counts };
  await dispatch(world, { type: "subteam_members_changed", ...about, date_update: 0, event_ts: nextTs(world) });
}
