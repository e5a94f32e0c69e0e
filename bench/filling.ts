/**
 * Fills a database with an installation's history by `generate_series`: of each ten messages five are a customer's, each
 * with its raw form, keys, event, answer and receipt, and each conversation has ten. What is open at the desk, and what waits,
 * is as much in a large installation as in a small one.
 */
import { Client } from "pg";
import { migrate } from "../src/store/migrate.ts";

export const PER_CONVERSATION = 10;
/** Every second conversation is open. */
const OPEN_OF = 2;
/** Cases open at the desk, and rows that wait for the sweep. */
const HELD = 200;
const WAITING = 200;
export const QUEUES = ["billing", "orders", "access", "returns", "other"] as const;
export const HOLDERS = 20;

/** Names of a conversation's thread and address, which its number gives. */
export const threadOf = (conversation: number): string => `t${conversation}`;
export const addressOf = (conversation: number): string => `a${conversation}`;
/** The n-th of the open conversations when `count` of them are spread over all. */
export function openConversation(
  n: number,
  { conversations, count }: { conversations: number; count: number },
): number {
  return Math.floor((n * conversations) / (count * OPEN_OF)) * OPEN_OF + OPEN_OF;
}

/** Migrates an empty database and fills it; returns the number of its conversations. */
export async function fill(url: string, messages: number): Promise<number> {
  await migrate(url);
  const conversations = Math.ceil(messages / PER_CONVERSATION);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("set synchronous_commit = off");
    for (const statement of history(conversations)) await client.query(statement);
    await client.query("vacuum analyze");
  } finally {
    await client.end();
  }
  return conversations;
}

const STATE = `json_build_object('seq', 5, 'state', json_build_object('v', 3, 'phase', case when g % ${OPEN_OF} = 0 then 'open' else 'closed' end,
  'channel', 'sms', 'thread', 't' || g, 'contact', json_build_object('id', g, 'name', 'Customer ' || g, 'phone', '+1555' || g),
  'lastText', repeat('a customer''s words, ', 10), 'runs', '[]'::json, 'waiting', '[]'::json, 'unread', '[]'::json,
  'notes', '[]'::json, 'traffic', json_build_object('heard', repeat('x', 100))))`;

/** Statements over `g`, the number of a conversation, and `n`, that of an exchange in it. */
function history(conversations: number): string[] {
  const each = `from generate_series(1, ${conversations}) g`;
  const exchanges = `from generate_series(1, ${PER_CONVERSATION / 2}) n, generate_series(1, ${conversations}) g`;
  const number = `((n - 1) * ${conversations} + g)`;
  const at = `now() - interval '30 days' + n * interval '1 day'`;
  return [
    `insert into contact (id, name, phone) select g, 'Customer ' || g, '+1555' || g ${each}`,
    `insert into address (channel, value, contact) select 'sms', 'a' || g, g ${each}`,
    `insert into conversation (id, channel, thread, contact, joinable, version, state, opened_at, last_inbound_at, closed_at)
     select g, 'sms', 't' || g, g, g % ${OPEN_OF} = 0, 5, ${STATE}, now() - interval '30 days', now() - interval '20 days',
       case when g % ${OPEN_OF} <> 0 then now() - interval '20 days' end ${each}`,
    `insert into raw_inbound (channel, content_type, body, received_at, outcome)
     select 'sms', 'application/x-www-form-urlencoded', decode(repeat('7a', 400), 'hex'), ${at}, 'stored' ${exchanges}`,
    `insert into dedupe_key (channel, key, raw) select 'sms', md5(${number}::text), ${number} ${exchanges}`,
    `insert into message (conversation, author, text, external_id, at)
     select g, case when side = 1 then 'customer' else 'bot' end, repeat('some words, ', 6),
       case when side = 1 then md5(${number}::text) end, ${at} ${exchanges}, generate_series(1, 2) side`,
    `insert into event (id, conversation, kind, payload, at, seq, handled_at, release, lines, turn)
     select ${number}, g, 'message', json_build_object('message', ${number}, 'text', repeat('some words, ', 6)), ${at}, n, ${at}, 1,
       '[{"code":"reply","message":"Answered by the workflow"}]', n ${exchanges}`,
    `insert into outbox (id, conversation, event, n, channel, thread, kind, epoch, message, content, outcome, settled_at, remote_id, attempts)
     select ${number}, g, ${number}, 0, 'sms', 't' || g, 'reply', 0, ${number}, json_build_object('text', repeat('some words, ', 6)),
       'sent', ${at}, 'SM' || md5(${number}::text), 1 ${exchanges}`,
    `insert into delivery (channel, remote_id, outbox, status, rank) select 'sms', 'SM' || md5(${number}::text), ${number}, 'delivered', 3 ${exchanges}`,
    `insert into ask (id, conversation, request, release, answered_at, outcome, bulkhead)
     select 'e' || g, g, '{"kind":"call"}', 1, now(), 'succeeded', 'call:crm' ${each}`,
    `insert into alarm (conversation, id, due_at) select g, 'idle:remind', now() + interval '30 days' ${each} where g % ${OPEN_OF} = 0`,
    ...desk(each),
    ...["contact", "conversation", "event", "outbox"].map(
      (table) => `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`,
    ),
    ...waiting(each),
  ];
}

/** Every tenth conversation was a case; the first of them are open. */
const desk = (each: string): string[] => [
  `insert into "case" (conversation, queue, status, holder, holder_name, card, desk_channel, thread, opened_at, updated_at)
   select g, (array['${QUEUES.join("','")}'])[1 + g % ${QUEUES.length}], case when g <= ${HELD} * 10 then 'with us' else 'solved' end,
     'U' || g % ${HOLDERS}, 'Operator', json_build_object('customer', 'Customer ' || g, 'channel', 'sms', 'queue', 'billing',
       'waitingSince', '2026-01-01T00:00:00.000Z'), 'desk', 'C1:' || g, now(), now() ${each} where g % 10 = 1`,
  `insert into assignment (conversation, operator, queue, from_at, until_at)
   select g, 'U' || g % ${HOLDERS}, 'billing', now(), case when g > ${HELD} * 10 then now() end ${each} where g % 10 = 1`,
];

/** Work that waits, as many rows in every installation, of conversations that are closed. */
const waiting = (each: string): string[] => [
  `insert into event (conversation, kind, payload, at) select g, 'alarm', '{"alarm":"idle:remind"}', now() - interval '1 minute' ${each}
   where g % ${OPEN_OF} = 1 order by g limit ${WAITING}`,
  `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, due_at)
   select g, -g, 0, 'sms', 't' || g, 'notice', 0, '{"text":"waits"}', now() - interval '1 minute' ${each}
   where g % ${OPEN_OF} = 1 order by g limit ${WAITING}`,
  `insert into ask (id, conversation, request, release, due_at, bulkhead) select 'w' || g, g, '{"kind":"call"}', 1, now() - interval '1 minute',
   'call:crm' ${each} where g % ${OPEN_OF} = 1 order by g limit ${WAITING}`,
];
