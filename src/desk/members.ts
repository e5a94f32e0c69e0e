/**
 * Keeps the members of a queue in step with the desk's platform.
 *
 * 1. The cases of a removed member go back to the queue, once per assignment, even if the process dies in between.
 * 2. Only known members work in a queue: before the first answer nobody does.
 * 3. A first answer that a queue has no members any more is ignored: platforms have said so by mistake, and every case
 *    would go back to the queue. A second one in a row counts, whichever process gets it.
 */
import { FRONTDESK } from "../domain/reach.ts";
import type { Db } from "../store/db.ts";
import { deskMembers, forgetEmptyQueue, holdings, recordEmptyQueue, replaceDeskMembers } from "../store/desk-people.ts";
import { saveDeskRoster } from "../store/desk-roster.ts";
import type { DeskStore } from "./desk-store.ts";

interface MembersOptions {
  db: Db;
  channel: string;
  act: DeskStore["act"];
}

/** Replaces the known members of a queue by these operators. */
export async function saveMembers(o: MembersOptions, queue: string, operators: readonly string[]): Promise<void> {
  const { db, channel } = o;
  const before = await deskMembers(db, channel, queue);
  const empty = operators.length === 0 && before.length > 0;
  if (empty && !(await recordEmptyQueue(db, channel, queue))) return;
  await replace(o, { queue, operators, before });
  await saveDeskRoster(db, channel, { queue, closed: null });
}

/** Closes a queue to everyone from now on; the cases held there go back if it is still closed the next time (3). */
export async function closeQueue(o: MembersOptions, queue: string, reason: string): Promise<void> {
  const { db, channel } = o;
  await saveDeskRoster(db, channel, { queue, closed: reason });
  const before = await deskMembers(db, channel, queue);
  if (before.length === 0 || !(await recordEmptyQueue(db, channel, queue))) return;
  await replace(o, { queue, operators: [], before });
}

interface Replacement {
  queue: string;
  operators: readonly string[];
  before: readonly string[];
}

async function replace(o: MembersOptions, { queue, operators, before }: Replacement): Promise<void> {
  const { db, channel } = o;
  const now = new Set(operators);
  const gone = before.filter((operator) => !now.has(operator));
  // First while they are still stored: a process that dies here would leave their cases with them for ever.
  await giveBack(o, queue, gone);
  await replaceDeskMembers(db, channel, { queue, operators });
  await forgetEmptyQueue(db, channel, queue);
  // And again: they could still claim until then.
  await giveBack(o, queue, gone);
}

async function giveBack({ db, act }: MembersOptions, queue: string, gone: readonly string[]): Promise<void> {
  if (gone.length === 0) return;
  const held = await holdings(db, queue, gone);
  await Promise.all(
    held.map(({ conversation, holder, name, assignment }) =>
      act({
        operator: FRONTDESK,
        conversation,
        command: { kind: "release", reason: `${name} is not in the queue any more` },
        key: `release:${conversation}:${holder}:${assignment}`,
      }),
    ),
  );
}
