// V1: rows of a newer program are left as they are, to a process that can read them.
import { expect, test } from "vitest";
import { STATE_VERSION } from "../../src/turn/core/state.ts";
import { EVENT_FORMAT } from "../../src/turn/readable.ts";
import { RUN_FORMAT } from "../../src/turn/snapshot.ts";
import { SETTLED, startDesk, type TestDesk } from "../support/desk.ts";

const ASK = (more = ""): string => `
id: ask
title: Ask
status: live
on: [conversation.opened, message.received]
steps: [{ ask: "Which size?", save: size, options: { small: Small, large: Large } }, { say: "Size {{ size }}." }${more}]
`;
const WITHIN_MS = 15_000;

/** The columns that a turn writes of a conversation. */
const WRITTEN = `
select c.state::text, c.version, (select json_agg(r order by r.id) from run r where r.conversation = c.id) as runs,
  (select json_agg(o.content order by o.id) from outbox o where o.conversation = c.id) as parts,
  (select count(*)::int from event e where e.conversation = c.id and (e.seq is not null or e.quarantined is not null)) as handled,
  (select count(*)::int from "case" k where k.conversation = c.id) as cases
from conversation c where c.id = $1`;

interface Newer {
  name: string;
  /** Statements that write as a newer program does; $1 is the conversation. */
  write: readonly string[];
  reason: RegExp;
}

const insert = (kind: string, format: number): string =>
  `insert into event (conversation, kind, payload, format) values ($1, '${kind}', '{"draft":"by a newer program"}', ${format})`;

const NEWER: readonly Newer[] = [
  { name: "an event of an unknown kind", write: [insert("composed", EVENT_FORMAT)], reason: /kind “composed”/ },
  { name: "an event in a newer format", write: [insert("message", EVENT_FORMAT + 1)], reason: /has format/ },
  {
    name: "a newer state",
    write: [
      `update conversation set state = jsonb_set(state::jsonb, '{state,v}', '${STATE_VERSION + 1}')::json where id = $1`,
    ],
    reason: /a newer Frontdesk wrote it/,
  },
  {
    name: "a run in a newer format",
    write: [`update run set format = ${RUN_FORMAT + 1} where conversation = $1`],
    reason: /The run .* has format/,
  },
  {
    name: "a run on a release with a step that only a newer program knows",
    write: [
      `insert into content (hash, text) values ('newer', $newer$${ASK(", { brand_new_step: x }")}$newer$)`,
      `insert into release (hash, files, author) select 'newer', files || '{"workflows/ask.yaml":"newer"}', 'a newer program' from release limit 1`,
      `update run set release = n.id, body = jsonb_set(body::jsonb, '{release}', to_jsonb(n.id))::json
       from release n where n.hash = 'newer' and run.conversation = $1`,
    ],
    reason: /runs on release/,
  },
];

test.each(NEWER)("$name is left alone, and so is what follows it", { timeout: 60_000 }, async ({ write, reason }) => {
  await using desk = await startDesk({ files: { "workflows/ask.yaml": ASK() }, replays: false });
  const dana = desk.customer("dana");
  await dana.message("hello");
  await desk.until(SETTLED, { withinMs: WITHIN_MS });
  const id = await dana.conversation();
  for (const sql of write) await desk.rows(sql, sql.includes("$1") ? [id] : []);
  const before = await desk.rows(WRITTEN, [id]);

  await dana.message("1");
  await left(desk, reason);
  // Others are answered meanwhile.
  await desk.customer("sam").message("hello");
  await desk.until("select count(*) = 1 as ok from outbox where thread = 'thread-sam' and outcome = 'sent'", {
    withinMs: WITHIN_MS,
  });
  expect(await desk.rows(WRITTEN, [id])).toEqual(before);
});

async function left({ logged }: TestDesk, reason: RegExp): Promise<void> {
  await expect
    .poll(() => logged.filter(({ msg }) => msg === "conversation left to a newer program"), { timeout: WITHIN_MS })
    .toContainEqual(expect.objectContaining({ reason: expect.stringMatching(reason) }));
}
