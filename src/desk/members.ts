/**
 * Who works in a queue, kept in step with what the desk's platform says.
 *
 * 1. Whoever is let go gives back what they hold there, once per stretch of holding, whenever the process dies between.
 * 2. Whoever is not known to work in a queue does not: before the first answer nobody does.
 * 3. One answer that nobody works there any more is not believed: platforms have said so by mistake, and every case would
 *    go back to the queue. The second in a row is, whichever process hears it.
 */
import { FRONTDESK } from "../domain/reach.ts";
import type { Db } from "../store/db.ts";
import { deskMembers, emptyAgain, forgetEmpty, holdings, replaceDeskMembers } from "../store/desk-people.ts";
import { saveDeskRoster } from "../store/desk-roster.ts";
import type { DeskStore } from "./desk-store.ts";

interface Keeping {
  db: Db;
  channel: string;
  act: DeskStore["act"];
}

/** Puts these operators in the place of those who were known to work in a queue. */
export async function saveMembers(o: Keeping, queue: string, operators: readonly string[]): Promise<void> {
  const { db, channel } = o;
  const before = await deskMembers(db, channel, queue);
  const empty = operators.length === 0 && before.length > 0;
  if (empty && !(await emptyAgain(db, channel, queue))) return;
  await replace(o, { queue, operators, before });
  await saveDeskRoster(db, channel, { queue, closed: null });
}

/** Nobody works in a queue, from this moment; what they hold there goes back when it is still so the next time (3). */
export async function closeQueue(o: Keeping, queue: string, reason: string): Promise<void> {
  const { db, channel } = o;
  await saveDeskRoster(db, channel, { queue, closed: reason });
  const before = await deskMembers(db, channel, queue);
  if (before.length === 0 || !(await emptyAgain(db, channel, queue))) return;
  await replace(o, { queue, operators: [], before });
}

interface Replacing {
  queue: string;
  operators: readonly string[];
  before: readonly string[];
}

async function replace(o: Keeping, { queue, operators, before }: Replacing): Promise<void> {
  const { db, channel } = o;
  const now = new Set(operators);
  const gone = before.filter((operator) => !now.has(operator));
  // Before they are forgotten, or a process that dies here would leave their cases with them for ever.
  await giveBack(o, queue, gone);
  await replaceDeskMembers(db, channel, { queue, operators });
  await forgetEmpty(db, channel, queue);
  // And after: they could still claim until then.
  await giveBack(o, queue, gone);
}

async function giveBack({ db, act }: Keeping, queue: string, gone: readonly string[]): Promise<void> {
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
