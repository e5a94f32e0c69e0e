import type { Queue } from "../../../src/domain/queue.ts";
import { call } from "../errors.ts";
import type { Person } from "./directory.ts";
import type { Look } from "./look.ts";

/** Slack's most per page (docs, "conversations.members"); it asks for at most 200. */
const PAGE = 200;

/** Who works in a queue: people of this workspace only. null: it can't be found out, which was logged. Throws SendError. */
export async function membersOf(
  look: Look,
  queue: Queue,
  { channel, people }: { channel: string; people: ReadonlyMap<string, Person> },
): Promise<string[] | null> {
  const { members } = queue;
  if (members === "channel") return colleagues(await inChannel(look, channel), people);
  if (!("usergroup" in members)) return [...members];
  const group = await inGroup(look, queue, members.usergroup);
  return group === null ? null : colleagues(group, people);
}

/** Whoever is not listed has left, or is of another organisation. */
const colleagues = (ids: readonly string[], people: ReadonlyMap<string, Person>): string[] =>
  ids.filter((id) => {
    const person = people.get(id);
    return person !== undefined && !person.bot && !person.deleted && !person.external;
  });

async function inChannel({ client, signal }: Look, channel: string): Promise<string[]> {
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
async function inGroup({ client, signal, faults }: Look, queue: Queue, wanted: string): Promise<string[] | null> {
  const handle = wanted.replace(/^@/, "");
  const what = `${queue.id}:group`;
  try {
    const { usergroups = [] } = await call(signal, () => client.usergroups.list());
    const group = usergroups.find((one) => one.handle === handle || one.id === handle);
    if (group?.id === undefined) {
      const reason = `there is no user group “@${handle}” in Slack: create it, or name the queue's members another way`;
      faults.say(what, { queue: queue.id, reason });
      return null;
    }
    const { users = [] } = await call(signal, () => client.usergroups.users.list({ usergroup: group.id as string }));
    faults.mended(what);
    return users;
  } catch (error) {
    if ((error as { code?: string }).code !== "plan_upgrade_required") throw error;
    const reason = `Slack has user groups on paid plans only: write “members: channel” or a list instead of “@${handle}”`;
    faults.say(what, { queue: queue.id, code: "plan_upgrade_required", reason });
    return null;
  }
}
