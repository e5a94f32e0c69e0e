/**
 * Platforms that number what is written (Slack's `ts`) may deliver it over several connections at once. What waits to be
 * stored together is put in their order first, thread by thread (I9). What is stored already stays before it.
 */
import type { InboundItem, InboundRow } from "../store/inbound/item.ts";

type Sent = InboundRow & { items: readonly (InboundItem & { sentAt?: Date })[] };

/**
 * Indexes of the rows in the order in which they are stored. Only rows with one item that has a time change places, and
 * only with others of their thread, so that nobody overtakes anybody else.
 */
export function inPlatformOrder(rows: readonly Sent[]): number[] {
  const order = rows.map((_, at) => at);
  const threads = new Map<string, number[]>();
  for (const [at, row] of rows.entries()) {
    const thread = threadOf(row);
    if (thread === null) continue;
    const places = threads.get(thread);
    if (places === undefined) threads.set(thread, [at]);
    else places.push(at);
  }
  for (const places of threads.values()) {
    const sorted = places.toSorted((one, other) => timeOf(rows[one]) - timeOf(rows[other]));
    for (const [n, place] of places.entries()) order[place] = sorted[n] ?? place;
  }
  return order;
}

function threadOf({ channel, items }: Sent): string | null {
  const [item, ...more] = items;
  if (item === undefined || more.length > 0 || !("thread" in item) || item.sentAt === undefined) return null;
  return `${channel}\n${item.thread}`;
}

const timeOf = (row: Sent | undefined): number => row?.items[0]?.sentAt?.getTime() ?? 0;
