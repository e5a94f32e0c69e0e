/** `conversations.*`: channels and messages that the bot may see. */
import { join } from "../changes.ts";
import type { SlackMessage } from "../types.ts";
import { type Channel, dmOf, type World } from "../world.ts";
import { type Call, type Method, namedChannel, needScope, paged, text, words } from "./call.ts";
import { Refusal } from "./refusal.ts";

const PAGE = { cursor: "text", limit: "number" } as const;
const RANGE = { oldest: "text", latest: "text", inclusive: "flag", include_all_metadata: "flag" } as const;
const SCOPE_OF_TYPE = {
  public_channel: "channels:read",
  private_channel: "groups:read",
  im: "im:read",
  mpim: "mpim:read",
};
const KIND_OF_TYPE = { public_channel: "public", private_channel: "private", im: "im", mpim: "mpim" };

export const conversations: Record<string, Method> = {
  "conversations.list": {
    needs: [],
    takes: { ...PAGE, types: "list", exclude_archived: "flag", team_id: "text" },
    run: (call) => list(call, (channel) => channel.kind === "public" || channel.members.has(call.world.ids.botUserId)),
  },
  "users.conversations": {
    needs: [],
    takes: { ...PAGE, types: "list", exclude_archived: "flag", user: "text", team_id: "text" },
    run: (call) => list(call, (channel) => channel.members.has(text(call, "user") ?? call.world.ids.botUserId)),
  },
  "conversations.info": {
    needs: [],
    takes: { channel: "text", include_locale: "flag", include_num_members: "flag" },
    required: ["channel"],
    run: (call) => ({ channel: channelObject(call.world, namedChannel(call, "read")) }),
  },
  "conversations.members": {
    needs: [],
    takes: { channel: "text", ...PAGE },
    required: ["channel"],
    run: members,
  },
  "conversations.open": {
    needs: ["im:write"],
    takes: { users: "list", channel: "text", return_im: "flag", prevent_creation: "flag" },
    run: open,
  },
  "conversations.join": {
    needs: ["channels:join"],
    takes: { channel: "text" },
    required: ["channel"],
    run: joinChannel,
  },
  "conversations.history": {
    needs: [],
    takes: { channel: "text", ...PAGE, ...RANGE },
    required: ["channel"],
    run: history,
  },
  "conversations.replies": {
    needs: [],
    takes: { channel: "text", ts: "text", ...PAGE, ...RANGE },
    required: ["channel", "ts"],
    run: replies,
  },
};

function list(call: Call, visible: (channel: Channel) => boolean): Record<string, unknown> {
  const { world, args } = call;
  const types = (args["types"] as string[] | undefined) ?? ["public_channel"];
  const kinds = types.map((type) => {
    if (!Object.hasOwn(SCOPE_OF_TYPE, type)) throw new Refusal("invalid_types");
    needScope(world, SCOPE_OF_TYPE[type as keyof typeof SCOPE_OF_TYPE]);
    return KIND_OF_TYPE[type as keyof typeof KIND_OF_TYPE];
  });
  const all = [...world.channels.values()].filter((channel) => kinds.includes(channel.kind) && visible(channel));
  const { page, response_metadata } = paged(call, args["exclude_archived"] ? all.filter((one) => !one.archived) : all);
  return { channels: page.map((channel) => channelObject(world, channel)), response_metadata };
}

/** Returns a channel as Slack shows it to the bot. */
function channelObject(world: World, channel: Channel): Record<string, unknown> {
  const { id, name, kind, archived, shared, members } = channel;
  if (kind === "im")
    return { id, is_im: true, user: channel.user, is_archived: archived, is_user_deleted: false, created: 0 };
  const isPrivate = kind === "private";
  const sharing = { is_shared: shared, is_ext_shared: shared, is_org_shared: false, is_pending_ext_shared: false };
  const kinds = { is_channel: true, is_group: false, is_im: false, is_mpim: false, is_private: isPrivate };
  const about = { created: 0, creator: "U0", topic: { value: "" }, purpose: { value: "" }, num_members: members.size };
  const member = members.has(world.ids.botUserId);
  return { id, name, name_normalized: name, ...kinds, ...sharing, is_archived: archived, is_member: member, ...about };
}

function members(call: Call): Record<string, unknown> {
  const channel = namedChannel(call, "read");
  const { page, response_metadata } = paged(call, [...channel.members]);
  return { members: page, response_metadata };
}

function open(call: Call): Record<string, unknown> {
  const users = (call.args["users"] as string[] | undefined) ?? [];
  const [user, another] = users;
  if (user === undefined) throw new Refusal("users_list_not_supplied");
  if (another !== undefined)
    throw new Refusal("missing_scope", { needed: "mpim:write", provided: [...call.world.scopes].join(",") });
  const person = call.world.people.get(user);
  if (!person) throw new Refusal("user_not_found");
  if (person.isBot) throw new Refusal("cannot_dm_bot");
  if (person.deleted) throw new Refusal("user_disabled");
  return { channel: { id: dmOf(call.world, user).id } };
}

function joinChannel(call: Call): Record<string, unknown> {
  const { world } = call;
  const channel = namedChannel(call);
  if (channel.kind !== "public") throw new Refusal("method_not_supported_for_channel_type");
  if (channel.archived) throw new Refusal("is_archived");
  void join(world, world.ids.botUserId, channel.id);
  return { channel: channelObject(world, channel) };
}

function history(call: Call): Record<string, unknown> {
  const channel = readable(call);
  const top = channel.messages.filter(
    (one) => one.thread_ts === undefined || one.thread_ts === one.ts || one.subtype === "thread_broadcast",
  );
  return page(call, inRange(call, top).reverse());
}

function replies(call: Call): Record<string, unknown> {
  const channel = readable(call);
  const ts = words(call.args["ts"]);
  const named = channel.messages.find((one) => one.ts === ts);
  if (!named) throw new Refusal("thread_not_found");
  const root = named.thread_ts ?? ts;
  const thread = channel.messages.filter((one) => one.ts === root || one.thread_ts === root);
  const [parent, ...rest] = thread;
  return page(call, parent?.ts === root ? [parent, ...inRange(call, rest)] : inRange(call, thread));
}

function readable(call: Call): Channel {
  const channel = namedChannel(call, "history");
  if (!channel.members.has(call.world.ids.botUserId)) throw new Refusal("not_in_channel");
  return channel;
}

function inRange({ args }: Call, all: readonly SlackMessage[]): SlackMessage[] {
  const {
    oldest = "0",
    latest = "9",
    inclusive = false,
  } = args as { oldest?: string; latest?: string; inclusive?: boolean };
  return all.filter((one) => (one.ts > oldest && one.ts < latest) || (inclusive && [oldest, latest].includes(one.ts)));
}

/** Returns a page of messages, with metadata only on request. */
function page(call: Call, all: readonly SlackMessage[]): Record<string, unknown> {
  const { page: part, response_metadata } = paged(call, all);
  const messages = part.map(({ metadata, ...rest }) =>
    call.args["include_all_metadata"] === true && metadata ? { ...rest, metadata } : rest,
  );
  return { messages, has_more: response_metadata.next_cursor !== "", response_metadata };
}
