import type { WebClient } from "@slack/web-api";
import type { Queue } from "../../../../src/domain/queue.ts";
import { call } from "../../outbound/errors.ts";
import type { Person } from "./directory.ts";

/** Page size that Slack recommends at most (docs, "conversations.members"). */
const PAGE = 200;
/** The most user groups named in a message. */
const MAX_NAMED = 20;
/** Errors of a workspace without a paid plan (docs, usergroups.list, errors). */
const PAID_ONLY: ReadonlySet<string> = new Set(["plan_upgrade_required", "paid_teams_only"]);

/** The operators of a queue; or the reason why nobody can work there, which follows "nobody can work there:", and the fix. */
export type Members = { operators: readonly string[] } | { closed: string; fix: string };

interface SlackAccess {
  client: WebClient;
  signal: AbortSignal;
}

export interface QueueChannel {
  id: string;
  name: string;
  /** Only its members can add people. */
  private: boolean;
}

/**
 * Reads the operators of a queue: people of this workspace only. `channel`: the queue's channel as it is now; null: none
 * that we can see. Throws SendError if Slack does not answer.
 */
export async function readMembers(
  slack: SlackAccess,
  { members, deskPlace }: Queue,
  { channel, people }: { channel: QueueChannel | null; people: ReadonlyMap<string, Person> },
): Promise<Members> {
  if (members === "channel" || members === "public-channel") {
    if (channel === null) return channelNotFound(deskPlace);
    if (members === "channel" && !channel.private) return channelIsPublic(channel);
    return { operators: colleagues(await listChannelMembers(slack, channel.id), people) };
  }
  if (!("usergroup" in members)) return { operators: members };
  const group = await listGroupMembers(slack, members.usergroup);
  return "closed" in group ? group : { operators: colleagues(group.operators, people) };
}

const channelNotFound = (name: string | null): Members =>
  name === null
    ? {
        closed: "its members are those of its channel, and it has no channel",
        fix: "Give it a slack_channel in frontdesk.yaml.",
      }
    : {
        closed: `its channel ${name} isn't known: no channel has that name, or it is private and the app is not in it`,
        fix: "Correct slack_channel in frontdesk.yaml, or write “/invite @” and the app's name in the channel.",
      };

/** Rejects a public channel unless the queue says `public-channel`: everyone who joins could work there. */
const channelIsPublic = ({ name }: QueueChannel): Members => ({
  closed: `#${name} is public, so whoever joins it would read customers and answer them`,
  fix: "Make the channel private, or write “members: public-channel” in frontdesk.yaml if everybody who joins is to work there.",
});

/** Keeps people of this workspace; others have left, are bots, or belong to another organisation. */
const colleagues = (ids: readonly string[], people: ReadonlyMap<string, Person>): string[] =>
  ids.filter((id) => {
    const person = people.get(id);
    return person !== undefined && !person.bot && !person.deleted && !person.external;
  });

async function listChannelMembers({ client, signal }: SlackAccess, channel: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const wanted = { channel, limit: PAGE, ...(cursor ? { cursor } : {}) };
    const answer = await call(signal, () => client.conversations.members(wanted));
    ids.push(...(answer.members ?? []));
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor !== undefined && cursor !== "");
  return ids;
}

/** Lists the members of a user group. `wanted`: its handle ("@support") or id. */
async function listGroupMembers({ client, signal }: SlackAccess, wanted: string): Promise<Members> {
  const handle = wanted.replace(/^@/, "");
  try {
    const { usergroups = [] } = await call(signal, () => client.usergroups.list());
    const group = usergroups.find((one) => one.handle === handle || one.id === handle);
    if (group?.id === undefined) {
      const known = usergroups.flatMap((one) => (one.handle === undefined ? [] : `@${one.handle}`));
      return {
        closed: `there is no user group “@${handle}” in Slack`,
        fix: `Create it, or correct members in frontdesk.yaml; there are: ${known.slice(0, MAX_NAMED).join(", ") || "none"}.`,
      };
    }
    const { users = [] } = await call(signal, () => client.usergroups.users.list({ usergroup: group.id as string }));
    return { operators: users };
  } catch (error) {
    if (!PAID_ONLY.has((error as { code?: string }).code ?? "")) throw error;
    return {
      closed: "Slack has user groups on paid plans only",
      fix: `Write “members: channel” or a list of ids, which need no paid plan, instead of “usergroup:@${handle}”.`,
    };
  }
}
