import type { WebClient } from "@slack/web-api";
import type { Queue } from "../../../../src/domain/queue.ts";
import { call } from "../../outbound/errors.ts";
import type { Person } from "./directory.ts";

/** Slack's most per page (docs, "conversations.members"); it asks for at most 200. */
const PAGE = 200;
/** User groups in one line. */
const MAX_NAMED = 20;
/** (docs, usergroups.list, errors) */
const PAID_ONLY: ReadonlySet<string> = new Set(["plan_upgrade_required", "paid_teams_only"]);

/** Who works in a queue; or why nobody does, in words that go on after "nobody can work there:", and what to do. */
export type Members = { are: readonly string[] } | { closed: string; fix: string };

interface Asking {
  client: WebClient;
  signal: AbortSignal;
}

export interface QueueChannel {
  id: string;
  name: string;
  /** Only its members let anybody in. */
  private: boolean;
}

/**
 * Who works in a queue: people of this workspace only. `channel`: the queue's, as Slack says it is now; null: there is none
 * that we can see. Throws SendError where Slack does not answer.
 */
export async function membersOf(
  asking: Asking,
  { members, deskPlace }: Queue,
  { channel, people }: { channel: QueueChannel | null; people: ReadonlyMap<string, Person> },
): Promise<Members> {
  if (members === "channel" || members === "public-channel") {
    if (channel === null) return unseen(deskPlace);
    if (members === "channel" && !channel.private) return tooOpen(channel);
    return { are: colleagues(await inChannel(asking, channel.id), people) };
  }
  if (!("usergroup" in members)) return { are: members };
  const group = await inGroup(asking, members.usergroup);
  return "closed" in group ? group : { are: colleagues(group.are, people) };
}

const unseen = (name: string | null): Members =>
  name === null
    ? {
        closed: "its people are those of its channel, and it has none",
        fix: "Give it a slack_channel in frontdesk.yaml.",
      }
    : {
        closed: `its channel ${name} isn't known: there is none of that name, or it is private and the app is not in it`,
        fix: "Correct slack_channel in frontdesk.yaml, or write “/invite @” and the app's name in the channel.",
      };

/** Whoever may join may work there, unless that is what is meant. */
const tooOpen = ({ name }: QueueChannel): Members => ({
  closed: `#${name} is public, so whoever joins it would read customers and answer them`,
  fix: "Make the channel private, or write “members: public-channel” in frontdesk.yaml if everybody who joins is to work there.",
});

/** Whoever is not listed has left, or is of another organisation. */
const colleagues = (ids: readonly string[], people: ReadonlyMap<string, Person>): string[] =>
  ids.filter((id) => {
    const person = people.get(id);
    return person !== undefined && !person.bot && !person.deleted && !person.external;
  });

async function inChannel({ client, signal }: Asking, channel: string): Promise<string[]> {
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

/** `wanted`: a handle ("@support") or an id. */
async function inGroup({ client, signal }: Asking, wanted: string): Promise<Members> {
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
    return { are: users };
  } catch (error) {
    if (!PAID_ONLY.has((error as { code?: string }).code ?? "")) throw error;
    return {
      closed: "Slack has user groups on paid plans only",
      fix: `Write “members: channel” or a list of ids, which need no paid plan, instead of “usergroup:@${handle}”.`,
    };
  }
}
