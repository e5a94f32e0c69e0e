/** Checks the channel and the members of each queue of the desk. */
import type { WebClient } from "@slack/web-api";
import type { SetupFinding } from "../../../src/adapter/adapter.ts";
import type { Queue } from "../../../src/domain/queue.ts";
import { listPeople, type Person } from "../desk/directory/directory.ts";
import { readMembers } from "../desk/directory/members.ts";
import { listChannels, nameMatcher, type SlackChannel } from "../desk/directory/sync-queues.ts";
import { oneLine } from "../desk/view/words.ts";

/** The most names in one line; the rest is counted. */
const MAX_NAMED = 10;
const MAX_NAME = 60;
const AGAIN = "Fix the problems above first; if there are none, try again in a minute.";

const problem = (message: string, fix: string): SetupFinding => ({ level: "problem", message, fix });

interface Workspace {
  channels: readonly SlackChannel[];
  people: ReadonlyMap<string, Person>;
}

/** Returns for each queue a finding about its channel and one about its members. Never throws. */
export async function checkQueues(
  client: WebClient,
  queues: readonly Queue[],
  o: { signal: AbortSignal },
): Promise<SetupFinding[]> {
  try {
    const [channels, people] = [await listChannels({ client, ...o }), await listPeople(client, o.signal)];
    const found: SetupFinding[] = [];
    for (const queue of queues) {
      const channel = channelFor(queue, channels);
      found.push(channelFinding(queue, channel));
      // A missing channel was already reported.
      if (channel !== null || typeof queue.members === "object")
        found.push(await checkMembers({ client, ...o }, queue, { channel, people }));
    }
    return found;
  } catch (error) {
    return [problem(`the queues' channels and people can't be listed: ${messageOf(error)}`, AGAIN)];
  }
}

/** Lists the members by name, so that an admin sees who should not be one. */
async function checkMembers(
  slack: { client: WebClient; signal: AbortSignal },
  queue: Queue,
  { channel, people }: { channel: SlackChannel | null; people: Workspace["people"] },
): Promise<SetupFinding> {
  const what = `queue ${queue.id}`;
  try {
    const members = await readMembers(slack, queue, { channel, people });
    if ("closed" in members) return problem(`${what}: nobody can work there: ${members.closed}`, members.fix);
    return membersFinding(what, members.operators, people);
  } catch (error) {
    return problem(`${what}: its members can't be listed: ${messageOf(error)}`, AGAIN);
  }
}

function membersFinding(what: string, ids: readonly string[], people: Workspace["people"]): SetupFinding {
  const strangers = ids.filter((id) => !people.has(id));
  if (strangers.length > 0) {
    const fix = "Write member ids, as U0123ABCD: their profile, ⋮, Copy member ID.";
    return problem(`${what}: nobody in Slack has the id ${joinNames(strangers)}`, fix);
  }
  if (ids.length === 0) {
    const fix = "Add people, or nobody takes its cases.";
    return { level: "warning", message: `${what}: nobody works in it yet`, fix };
  }
  const names = ids.map((id) => nameOf(people.get(id)) ?? id).toSorted((one, other) => one.localeCompare(other));
  return {
    level: "fine",
    message: `${what}: ${ids.length} ${ids.length === 1 ? "works" : "work"} in it: ${joinNames(names)}`,
  };
}

const nameOf = (person: Person | undefined): string | undefined => person?.names.at(-1);

function joinNames(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  const shown = names.slice(0, MAX_NAMED).map((name) => oneLine(name, MAX_NAME));
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function channelFor({ deskPlace }: Queue, channels: readonly SlackChannel[]): SlackChannel | null {
  return (deskPlace === null ? undefined : channels.find(nameMatcher(deskPlace))) ?? null;
}

function channelFinding({ id, deskPlace }: Queue, channel: SlackChannel | null): SetupFinding {
  if (deskPlace === null) {
    return problem(`queue ${id} has no Slack channel`, `Add slack_channel: "#${id}" to it in frontdesk.yaml.`);
  }
  if (channel === null) {
    const fix = `Create it, or, if it is private, write /invite and the app's name there; or correct slack_channel.`;
    return problem(`queue ${id}: there is no channel ${deskPlace} that the app can see`, fix);
  }
  return stateFinding(`queue ${id}: ${deskPlace}`, channel);
}

function stateFinding(what: string, channel: SlackChannel): SetupFinding {
  if (channel.archived) return problem(`${what} is archived`, "Unarchive it, or name another slack_channel.");
  if (channel.shared) {
    const fix = "Name a channel of your own: nothing is shown where another organisation could read it.";
    return problem(`${what} is shared with another organisation`, fix);
  }
  if (channel.member) return { level: "fine", message: `${what} is there, and the app is in it` };
  const fix = "If it is public, nothing: the app joins it when it runs. Otherwise write /invite and its name there.";
  return { level: "warning", message: `${what} is there, but the app is not in it`, fix };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
