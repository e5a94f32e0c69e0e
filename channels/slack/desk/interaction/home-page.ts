/** Publishes people's home pages, and refreshes them when their content has changed. */
import { setTimeout as pause } from "node:timers/promises";
import type { ShownCase } from "../../../../src/desk/desk-store.ts";
import type { Operator } from "../../../../src/domain/case.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import { customerHome, type HomeCase, type HomeQueue, type OperatorHome, operatorHome } from "../view/home.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { closedQueues, closedQueuesText, queuesFor, titleOf } from "./operator-queues.ts";

/** The most open cases read for the page; with more, the page says "at least". */
const MAX_OPEN = 500;
const MAX_HELD = 200;
/** Times of refreshes after an act; a page that is still out of date then is refreshed when it is opened. */
const LOOKS_AFTER_MS = [50, 100, 200, 400, 800, 1_600, 3_200];
/** The most pages that are refreshed after acts of their owner; the oldest is dropped. */
const MAX_PAGES_KNOWN = 1_000;

interface HomeState extends Omit<OperatorHome, "mine" | "notice"> {
  held: readonly ShownCase[];
}

/** Publishes a person's home page. `ours`: they belong to this workspace. */
export async function publishHome(
  deps: InteractionDeps,
  operator: Operator,
  o: { ours: boolean; notice?: string },
): Promise<void> {
  const queues = o.ours ? await queuesFor(deps, operator) : [];
  if (queues.length === 0) {
    deps.homes.delete(operator.id);
    const view = customerHome(await closedNote(deps, o));
    await deps.slack((web) => web.views.publish({ user_id: operator.id, view }));
    return;
  }
  await publishOperatorHome(deps, operator, {
    state: await readHome(deps, operator, queues),
    notice: o.notice ?? null,
  });
}

/** Returns a note about closed queues for people of this workspace; people of other organisations get none. */
async function closedNote(deps: InteractionDeps, { ours, notice }: { ours: boolean; notice?: string }) {
  if (notice !== undefined || !ours) return notice ?? null;
  const closed = await closedQueues(deps);
  return closed.length === 0 ? null : closedQueuesText(closed);
}

/** Refreshes an operator's published home page until their act has been handled. */
export async function refreshHome(deps: InteractionDeps, operator: Operator): Promise<void> {
  // Other changes may come first, so it checks at every time, ever more rarely.
  for (const afterMs of LOOKS_AFTER_MS) {
    if (!deps.homes.has(operator.id)) return;
    const state = await readHome(deps, operator, await queuesFor(deps, operator));
    if (deps.homes.get(operator.id) !== fingerprint(state))
      await publishOperatorHome(deps, operator, { state, notice: null });
    await pause(afterMs, undefined, { ref: false });
  }
}

/** Reads the queues' numbers for the page and `/desk status`. */
export async function queueLines(
  { store }: InteractionDeps,
  operator: Operator,
  queues: readonly Queue[],
): Promise<{ lines: HomeQueue[]; atLeast: boolean }> {
  const open = await store.cases(operator, { queues: queues.map(({ id }) => id), limit: MAX_OPEN });
  const lines = queues.map(({ id, title }) => {
    const cards = open.map(({ card }) => card).filter(({ queue }) => queue === id);
    const since = cards.flatMap(({ waitingSince }) => waitingSince ?? []).sort();
    const unclaimed = cards.filter(({ holder }) => holder === null).length;
    return { title, waiting: since.length, unclaimed, longest: since[0] ?? null };
  });
  return { lines, atLeast: open.length >= MAX_OPEN };
}

async function readHome(deps: InteractionDeps, operator: Operator, queues: readonly Queue[]): Promise<HomeState> {
  const { store } = deps;
  const { id } = operator;
  const [onDuty, held, { lines, atLeast }] = await Promise.all([
    store.onDuty(id),
    store.cases(operator, { holder: id, limit: MAX_HELD }),
    queueLines(deps, operator, queues),
  ]);
  return { onDuty, held, queues: lines, atLeast };
}

async function publishOperatorHome(
  deps: InteractionDeps,
  { id }: Operator,
  { state, notice }: { state: HomeState; notice: string | null },
): Promise<void> {
  const { held, ...rest } = state;
  const titles = deps.store.queues();
  const mine = await Promise.all(
    held.map(
      async ({ card, thread }): Promise<HomeCase> => ({
        card,
        queue: titleOf(titles, card.queue),
        link: await deps.links(thread),
      }),
    ),
  );
  const view = operatorHome({ ...rest, mine, notice }, deps.clock());
  await deps.slack((web) => web.views.publish({ user_id: id, view }));
  deps.homes.delete(id);
  deps.homes.set(id, fingerprint(state));
  const [oldest] = deps.homes.keys();
  if (deps.homes.size > MAX_PAGES_KNOWN && oldest !== undefined) deps.homes.delete(oldest);
}

const fingerprint = (state: HomeState): string => JSON.stringify(state);
