/**
 * The watch: walks the open conversations in small pages, and lets none be forgotten (U4, U5).
 *
 * - Where something was begun and nothing would ever go on with it, people get it (stranded).
 * - Where the customer has been silent for long, asked or not, it is closed (silence).
 * - Where it opened again but takes no messages, it takes them again.
 */

import { nextAnswerer } from "../domain/waiting.ts";
import type { Lanes } from "../jobs/lanes.ts";
import type { Logger } from "../lib/logger.ts";
import type { Db } from "../store/db.ts";
import { joinAgain } from "../store/join-again.ts";
import { type RaisedAlarm, raiseAlarms } from "../store/raise-alarms.ts";
import { OPEN_START, type OpenConversation, type OpenPlace, openConversations } from "../store/waiting.ts";
import type { Chore } from "./chores.ts";
import { alarmId } from "./core/alarms.ts";
import { STATE_VERSION } from "./core/state.ts";

/** Conversations of a page: a few hundredths of a second of the database's time. */
const PAGE_ROWS = 200;
/** Time between two rounds; within a round a page follows each second. */
const ROUND_EVERY_MS = 15_000;

interface WatchOptions {
  db: Db;
  lanes: Pick<Lanes, "wake">;
  log: Logger;
  /** Silence after which a conversation in which nothing is open is closed, milliseconds. */
  closeAfterMs: () => number;
}

/** Returns the chore; the place at which it goes on is kept in memory. */
export function watchOpen(o: WatchOptions): Chore {
  let from: OpenPlace = OPEN_START;
  return {
    name: "watch open conversations",
    everyMs: ROUND_EVERY_MS,
    async run() {
      const page = await openConversations(o.db, { from, limit: PAGE_ROWS, silentMs: o.closeAfterMs() });
      await look(o, page);
      const last = page.length < PAGE_ROWS ? undefined : page.at(-1);
      from = last === undefined ? OPEN_START : { channel: last.channel, id: last.id };
      return { more: last !== undefined };
    },
  };
}

async function look({ db, lanes, log }: WatchOptions, page: readonly OpenConversation[]): Promise<void> {
  const alarms = page.flatMap(alarmOf);
  for (const conversation of await raiseAlarms(db, alarms)) lanes.wake("turn", String(conversation));
  const stranded = alarms.filter(({ alarm }) => alarm === alarmId({ kind: "stranded" }));
  if (stranded.length > 0)
    log.error(
      { conversations: stranded.map(({ id }) => id) },
      "conversations went on to people: nothing would have happened",
    );
  await joinAgain(
    db,
    page.filter(({ joinable }) => !joinable).map(({ id }) => id),
  );
}

/** Only for states that this program reads: those of newer ones are left to them. */
function alarmOf(one: OpenConversation): RaisedAlarm[] {
  const { id, version, format, clocked, silent } = one;
  if (format === null || format > STATE_VERSION) return [];
  const next = nextAnswerer(one);
  if (next.kind === "nobody") return [{ id, version, alarm: alarmId({ kind: "stranded" }) }];
  // Conversations that an earlier build left open are not closed all at once after an upgrade.
  const over = next.kind === "customer" && !clocked && silent && format === STATE_VERSION;
  return over ? [{ id, version, alarm: alarmId({ kind: "silence" }) }] : [];
}
