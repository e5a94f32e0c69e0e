import type { Operator } from "../../../../src/domain/case.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import { oneLine } from "../view/words.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import type { RequestContext } from "./request-context.ts";

type Book = Pick<InteractionDeps, "store">;

/** The live queues that somebody works in; none: the desk is not theirs. */
export const queuesFor = ({ store }: Book, operator: Operator): Promise<Queue[]> => store.queuesOf(operator);

/** The same for whoever asked something at the desk: people of other workspaces work in none. */
export const queuesOfAsked = (deps: Book, { operator, external }: Pick<RequestContext, "operator" | "external">) =>
  external ? Promise.resolve([]) : queuesFor(deps, operator);

const NOT_AT_THE_DESK =
  "This is for people who work in one of our queues, and you are in none. Whoever looks after the queues can add you.";

/** Queues named in one answer; what holds of the others is the same. */
const MAX_NAMED = 3;
const MAX_CHARACTERS = 300;

/** Why somebody who works in no queue can do nothing here, and what to do about it. */
export async function outsiderWords(deps: Book): Promise<string> {
  const closed = await closedQueues(deps);
  if (closed.length === 0) return NOT_AT_THE_DESK;
  return closed.length < deps.store.queues().length ? `${NOT_AT_THE_DESK} ${closedWords(closed)}` : closedWords(closed);
}

interface Closed {
  title: string;
  reason: string;
}

/** The live queues in which nobody can work, and why. */
export async function closedQueues({ store }: Book): Promise<Closed[]> {
  const known = new Map((await store.rosters()).map(({ queue, closed }) => [queue, closed]));
  return store.queues().flatMap(({ id, title, deskPlace }) => {
    const reason = known.get(id);
    if (reason === null) return [];
    const channel = deskPlace === null ? "it has no channel" : `its channel ${deskPlace} isn't known`;
    return { title, reason: reason ?? channel };
  });
}

/** "Nobody can work in the queue Front line yet: its channel #support isn't known." */
export function closedWords(closed: readonly Closed[]): string {
  const said = closed
    .slice(0, MAX_NAMED)
    .map(({ title, reason }) => `Nobody can work in the queue ${title} yet: ${oneLine(reason, MAX_CHARACTERS)}.`);
  const more = closed.length > MAX_NAMED ? [`The same holds for ${closed.length - MAX_NAMED} more queues.`] : [];
  const fix = "Whoever looks after Frontdesk runs “frontdesk doctor”, which says what to do.";
  return [...said, ...more, fix].join(" ");
}

/** What a queue is called; its id where it is not live any more. */
export const titleOf = (queues: readonly Queue[], id: string): string =>
  queues.find((queue) => queue.id === id)?.title ?? id;
