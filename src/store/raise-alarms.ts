/** Alarms that nobody set: the watch over open conversations raises them as events (U4). */
import type { Db, Statement } from "./db.ts";

// Only where the conversation is still as it was seen, as far as this statement can see it: a message that commits at the
// same moment is found by `after`. The key makes it one event for each version of the conversation.
const RAISE: Statement = {
  name: "raise_alarms",
  text: `
insert into event (conversation, kind, payload, dedupe)
select c.id, 'alarm', json_build_object('alarm', w.alarm, 'after', coalesce((c.state->'state'->>'lastMessage')::bigint, 0)),
  w.alarm || ':' || c.id || ':' || c.version
from json_to_recordset($1::json) as w(id bigint, version int, alarm text)
cross join lateral (select id, version, closed_at, state from conversation where conversation.id = w.id offset 0) c
where c.version = w.version and c.closed_at is null
  and not exists (select from event e where e.conversation = c.id and e.seq is null)
on conflict (dedupe) where dedupe is not null do nothing
returning conversation`,
};

export interface RaisedAlarm {
  id: number;
  version: number;
  /** The alarm's id (turn/core/alarms.ts). */
  alarm: string;
}

/** Stores the alarms as events. Returns the conversations to wake. */
export async function raiseAlarms(db: Db, alarms: readonly RaisedAlarm[]): Promise<number[]> {
  if (alarms.length === 0) return [];
  const rows = await db.run<{ conversation: number }>(RAISE, [JSON.stringify(alarms)]);
  return rows.map(({ conversation }) => conversation);
}
