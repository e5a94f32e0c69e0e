/** Shows people their home page, and shows it again when what is on it has changed. */
import { setTimeout as pause } from "node:timers/promises";
import type { ShownCase } from "../../../../src/desk/desk-store.ts";
import type { Operator } from "../../../../src/domain/case.ts";
import type { Queue } from "../../../../src/domain/queue.ts";
import { customerHome, type HomeCase, type HomeQueue, type OperatorHome, operatorHome } from "../view/home.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { closedQueues, closedWords, queuesFor, titleOf } from "./operator-queues.ts";

/** Read for the page; beyond it the page says "at least". */
const MAX_OPEN = 500;
const MAX_HELD = 200;
/** When what an operator did is mostly handled; a page that is behind is right again when it is opened. */
const LOOKS_AFTER_MS = [50, 100, 200, 400, 800, 1_600, 3_200];
/** Pages that are kept up to date when their owner does something; the oldest is let go. */
const MAX_PAGES_KNOWN = 1_000;

interface Known extends Omit<OperatorHome, "mine" | "notice"> {
  held: readonly ShownCase[];
}

/** `ours`: whether they belong to this workspace. */
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
  await show(deps, operator, { known: await readHome(deps, operator, queues), notice: o.notice ?? null });
}

/** What somebody of ours is told where nobody can work; customers of other organisations are told nothing of it. */
async function closedNote(deps: InteractionDeps, { ours, notice }: { ours: boolean; notice?: string }) {
  if (notice !== undefined || !ours) return notice ?? null;
  const closed = await closedQueues(deps);
  return closed.length === 0 ? null : closedWords(closed);
}

/** Waits for what somebody did to be handled, and shows it on their page, where they have it open. */
export async function followUp(deps: InteractionDeps, operator: Operator): Promise<void> {
  // Other things may change on the page first, so it is looked at until the end, ever more rarely.
  for (const afterMs of LOOKS_AFTER_MS) {
    if (!deps.homes.has(operator.id)) return;
    const known = await readHome(deps, operator, await queuesFor(deps, operator));
    if (deps.homes.get(operator.id) !== fingerprint(known)) await show(deps, operator, { known, notice: null });
    await pause(afterMs, undefined, { ref: false });
  }
}

/** The queues' numbers, as the page and `/desk status` say them. */
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

async function readHome(deps: InteractionDeps, operator: Operator, queues: readonly Queue[]): Promise<Known> {
  const { store } = deps;
  const { id } = operator;
  const [onDuty, held, { lines, atLeast }] = await Promise.all([
    store.onDuty(id),
    store.cases(operator, { holder: id, limit: MAX_HELD }),
    queueLines(deps, operator, queues),
  ]);
  return { onDuty, held, queues: lines, atLeast };
}

async function show(
  deps: InteractionDeps,
  { id }: Operator,
  { known, notice }: { known: Known; notice: string | null },
): Promise<void> {
  const { held, ...rest } = known;
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
  deps.homes.set(id, fingerprint(known));
  const [oldest] = deps.homes.keys();
  if (deps.homes.size > MAX_PAGES_KNOWN && oldest !== undefined) deps.homes.delete(oldest);
}

const fingerprint = (known: Known): string => JSON.stringify(known);
