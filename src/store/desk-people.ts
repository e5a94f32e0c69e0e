/** Operators of a desk: their queues, their duty and the cases they hold. */
import type { Db, Statement } from "./db.ts";
import { storableJson } from "./text.ts";

const MEMBERS: Statement = {
  name: "desk_members",
  text: `select operator from desk_member where channel = $1 and queue = $2 order by operator`,
};

/** The known members of a queue. */
export async function deskMembers(db: Db, channel: string, queue: string): Promise<string[]> {
  const rows = await db.run<{ operator: string }>(MEMBERS, [channel, queue]);
  return rows.map(({ operator }) => operator);
}

const REPLACE: Statement = {
  name: "replace_desk_members",
  text: `
with named as materialized (
  select distinct operator from json_array_elements_text($3::json) as x(operator)
), gone as (
  delete from desk_member where channel = $1 and queue = $2 and operator not in (select operator from named)
)
insert into desk_member (channel, queue, operator) select $1, $2, operator from named order by operator
on conflict do nothing`,
};

/** Replaces the members of a queue. */
export async function replaceDeskMembers(
  db: Db,
  channel: string,
  o: { queue: string; operators: readonly string[] },
): Promise<void> {
  await db.run(REPLACE, [channel, o.queue, storableJson(o.operators)]);
}

const HOLDINGS: Statement = {
  name: "desk_holdings",
  text: `
select k.conversation, k.holder, coalesce(k.holder_name, k.holder) as name, coalesce(held.id, 0) as assignment
from "case" k left join lateral (
  select id from assignment s where s.conversation = k.conversation and s.until_at is null order by id desc limit 1
) held on true
where k.queue = $1 and k.status in ('new', 'with us', 'waiting for the customer') and k.holder = any($2::text[])
order by k.conversation`,
};

export interface Holding {
  conversation: number;
  holder: string;
  name: string;
  /** Id of the assignment; another one after the case was released and claimed again. */
  assignment: number;
}

/** Open cases of a queue that these operators hold. */
export const holdings = (db: Db, queue: string, holders: readonly string[]): Promise<Holding[]> =>
  db.run<Holding>(HOLDINGS, [queue, holders]);

const QUEUES_OF: Statement = {
  name: "desk_queues_of",
  text: `
select m.queue from desk_member m join desk_roster r on r.channel = m.channel and r.queue = m.queue and r.closed is null
where m.channel = $1 and m.operator = $2 order by m.queue`,
};

/** Queues in which an operator works; a queue whose members are unknown has none. */
export async function queuesOf(db: Db, channel: string, operator: string): Promise<string[]> {
  const rows = await db.run<{ queue: string }>(QUEUES_OF, [channel, operator]);
  return rows.map(({ queue }) => queue);
}

const ON_DUTY: Statement = {
  name: "desk_on_duty",
  text: `select on_duty as "onDuty" from desk_duty where channel = $1 and operator = $2`,
};

const SET_DUTY: Statement = {
  name: "set_desk_duty",
  text: `
insert into desk_duty (channel, operator, on_duty) values ($1, $2, $3)
on conflict (channel, operator) do update set on_duty = excluded.on_duty, since = now()
where desk_duty.on_duty <> excluded.on_duty`,
};

/** True when an operator is on duty, which is the default. */
export async function isOnDuty(db: Db, channel: string, operator: string): Promise<boolean> {
  const [row] = await db.run<{ onDuty: boolean }>(ON_DUTY, [channel, operator]);
  return row?.onDuty ?? true;
}

export async function saveDeskDuty(db: Db, channel: string, o: { operator: string; on: boolean }): Promise<void> {
  await db.run(SET_DUTY, [channel, o.operator, o.on]);
}

const EMPTY_AGAIN: Statement = {
  name: "desk_empty_again",
  text: `
insert into desk_look (what, at) values ($1, now())
on conflict (what) do update set at = excluded.at returning xmax <> 0 as again`,
};
const NOT_EMPTY: Statement = { name: "desk_not_empty", text: `delete from desk_look where what = $1` };

const emptyMark = (channel: string, queue: string) => `${channel}:empty:${queue}`;

/** Records that a queue was found without members; true where it was so the last time too. */
export async function recordEmptyQueue(db: Db, channel: string, queue: string): Promise<boolean> {
  const [row] = await db.run<{ again: boolean }>(EMPTY_AGAIN, [emptyMark(channel, queue)]);
  return row?.again ?? false;
}

/** Forgets that a queue was found without members. */
export async function forgetEmptyQueue(db: Db, channel: string, queue: string): Promise<void> {
  await db.run(NOT_EMPTY, [emptyMark(channel, queue)]);
}
