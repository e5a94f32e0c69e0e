/** Looks at the channels and user groups that the desk's queues name. */
import type { WebClient } from "@slack/web-api";
import type { SetupFinding } from "../../src/channel/adapter.ts";
import { SendError } from "../../src/channel/send-error.ts";
import type { Queue } from "../../src/domain/queue.ts";
import { call } from "./errors.ts";

interface Channel {
  id?: string;
  name?: string;
  is_archived?: boolean;
  is_ext_shared?: boolean;
  is_member?: boolean;
}

/** Of conversations.list (docs): at most 1,000; it recommends 200. */
const CHANNELS_PER_PAGE = 200;
/** A channel's id, as `slack_channel` may have it. */
const ID = /^[CG][A-Z0-9]{5,}$/;
/** (docs, usergroups.list, errors) */
const PAID_ONLY: ReadonlySet<string> = new Set(["plan_upgrade_required", "paid_teams_only"]);
const AGAIN = "Mend what is said above first; else try again in a minute.";

const problem = (says: string, mend: string): SetupFinding => ({ level: "problem", says, mend });

/** One finding for each queue, and one for each user group. Never throws. */
export async function examineQueues(
  client: WebClient,
  queues: readonly Queue[],
  o: { signal: AbortSignal },
): Promise<SetupFinding[]> {
  const groups = queues.flatMap(({ id, members }) =>
    typeof members === "object" && "usergroup" in members ? [{ queue: id, handle: members.usergroup }] : [],
  );
  try {
    const channels = await listChannels(client, o.signal);
    const found = queues.map((queue) => place(queue, channels));
    return groups.length === 0 ? found : [...found, ...(await examineGroups(client, groups, o))];
  } catch (error) {
    return [problem(`the queues' channels can't be listed: ${said(error)}`, AGAIN)];
  }
}

async function listChannels(client: WebClient, signal: AbortSignal): Promise<Channel[]> {
  const all: Channel[] = [];
  let cursor = "";
  do {
    const page = { types: "public_channel,private_channel", limit: CHANNELS_PER_PAGE, ...(cursor && { cursor }) };
    const answer = await call(signal, () => client.conversations.list(page));
    all.push(...(answer.channels ?? []));
    cursor = answer.response_metadata?.next_cursor ?? "";
  } while (cursor !== "");
  return all;
}

function place({ id, slackChannel }: Queue, channels: readonly Channel[]): SetupFinding {
  if (slackChannel === null) {
    return problem(`queue ${id} has no Slack channel`, `Add slack_channel: "#${id}" to it in frontdesk.yaml.`);
  }
  const name = slackChannel.replace(/^#/, "");
  const named = ID.test(name)
    ? channels.filter((channel) => channel.id === name)
    : channels.filter((channel) => channel.name === name.toLowerCase());
  const channel = named.find(({ is_archived }) => is_archived !== true) ?? named[0];
  if (channel === undefined) {
    const mend = `Make it, or, where it is private, write /invite and the app's name there; or correct slack_channel.`;
    return problem(`queue ${id}: there is no channel ${slackChannel} that the app can see`, mend);
  }
  return state(`queue ${id}: ${slackChannel}`, channel);
}

function state(what: string, channel: Channel): SetupFinding {
  if (channel.is_archived === true)
    return problem(`${what} is archived`, "Unarchive it, or name another slack_channel.");
  if (channel.is_ext_shared === true) {
    const mend = "Name a channel of your own: nothing is shown where another organisation reads along.";
    return problem(`${what} is shared with another organisation`, mend);
  }
  if (channel.is_member === true) return { level: "fine", says: `${what} is there, and the app is in it` };
  const mend =
    "Nothing to do where it is public: the app joins it when it runs. Else write /invite and its name there.";
  return { level: "warning", says: `${what} is there, but the app is not in it`, mend };
}

async function examineGroups(
  client: WebClient,
  groups: readonly { queue: string; handle: string }[],
  { signal }: { signal: AbortSignal },
): Promise<SetupFinding[]> {
  try {
    const { usergroups = [] } = await call(signal, () => client.usergroups.list());
    const known = usergroups.flatMap(({ handle }) => (handle === undefined ? [] : [handle]));
    const ids = new Set(usergroups.map(({ id }) => id));
    return groups.map(({ queue, handle }) => {
      const bare = handle.replace(/^@/, "");
      if (known.includes(bare) || ids.has(bare))
        return { level: "fine", says: `queue ${queue}: the user group @${bare} is there` };
      const mend = `Correct members: in frontdesk.yaml; there are: ${known.map((one) => `@${one}`).join(", ") || "none"}.`;
      return problem(`queue ${queue}: there is no user group @${bare}`, mend);
    });
  } catch (error) {
    const unpaid = error instanceof SendError && PAID_ONLY.has(error.code ?? "");
    const mend = unpaid
      ? "User groups need a paid plan of Slack's; members: channel, or a list of ids, does without."
      : AGAIN;
    return [problem(`user groups can't be listed: ${said(error)}`, mend)];
  }
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
