import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerAsk } from "../../src/store/asks.ts";
import { commitTurns } from "../../src/store/commit-turns.ts";
import { loadTurns } from "../../src/store/load-turns.ts";
import { fireAlarms } from "../../src/store/sweep.ts";
import { fold } from "../../src/turn/fold.ts";
import { catalogOf, release } from "./scene.ts";
import { type Bench, openBench } from "./store.ts";

const ECHO =
  'title: Echo\nstatus: live\non: [conversation.opened, message.received]\nsteps: [{ say: "You said {{ message.text }}" }]\n';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const rows = async <Row = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<Row[]> =>
  (await bench.db.pool.query(text, values)).rows as Row[];

describe("two workers on one conversation", () => {
  // T2, T9: no turn may read a new version with old pending events.
  it("handle each event once and in order, while more keep coming", async () => {
    const workers = [bench.worker({ echo: ECHO }), bench.worker({ echo: ECHO }), bench.worker({ echo: ECHO })];
    const conversation = await bench.message("raced", "0");
    const rest = { coming: true };
    // As a lane does: one run at a time per process, again and again.
    const working = workers.map(async (turn) => {
      while (rest.coming) await turn(conversation);
    });
    for (let n = 1; n < 120; n++) await bench.message("raced", String(n));
    rest.coming = false;
    await Promise.all(working);
    await workers[0]?.(conversation);

    const journal = await rows<{ seq: number; text: string }>(
      "select seq, payload->'content'->>'text' as text from event where conversation = $1 order by id",
      conversation,
    );
    expect(journal.map(({ seq, text }) => [seq, text])).toEqual(
      Array.from({ length: 120 }, (_, n) => [n + 1, String(n)]),
    );
    const sent = await rows<{ text: string }>(
      "select content->>'text' as text from outbox where conversation = $1 order by id",
      conversation,
    );
    expect(sent.map(({ text }) => text)).toEqual(Array.from({ length: 120 }, (_, n) => `You said ${n}`));
  });

  // T2: at most fifty in one turn, so that no write grows without bound.
  it("handle a backlog in several turns", async () => {
    let conversation = 0;
    for (let n = 0; n < 120; n++) conversation = await bench.message("piled", String(n));
    await bench.worker({ echo: ECHO })(conversation);
    expect(await rows("select version from conversation where id = $1", conversation)).toEqual([{ version: 3 }]);
    expect(await rows("select max(seq) as last from event where conversation = $1", conversation)).toEqual([
      { last: 120 },
    ]);
  });

  it("that read the same version: one writes, and the other writes nothing", async () => {
    const conversation = await bench.message("twice", "hello");
    const [loaded] = await loadTurns(bench.db, [conversation]);
    if (loaded == null) throw new Error("It was just stored");
    const write = fold(loaded, catalogOf(release({ echo: ECHO })));
    const won = await Promise.all([commitTurns(bench.db, [write]), commitTurns(bench.open(), [write])]);
    expect(won.flat().filter((one) => one)).toHaveLength(1);
    expect(await rows("select 1 from outbox where conversation = $1", conversation)).toHaveLength(1);
    expect(await rows("select version from conversation where id = $1", conversation)).toEqual([{ version: 1 }]);
  });

  it("can't write a turn twice even without the version, since the outbox refuses it", async () => {
    const conversation = await bench.message("net", "hello");
    const [loaded] = await loadTurns(bench.db, [conversation]);
    if (loaded == null) throw new Error("It was just stored");
    const write = fold(loaded, catalogOf(release({ echo: ECHO })));
    await commitTurns(bench.db, [write]);
    await expect(commitTurns(bench.db, [{ ...write, version: write.version + 1 }])).rejects.toThrow(/outbox_event/);
  });
});

// T12
describe("an event whose result Postgres refuses", () => {
  const refuse = `
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no poison here'; end $$;
    create trigger refuse before insert on outbox for each row when (new.content->>'text' like '%poison%') execute function refuse()`;

  it("is quarantined with the reason and goes to a person; the events before and after are handled", async () => {
    await rows(refuse);
    let conversation = 0;
    for (const text of ["one", "poison", "three"]) conversation = await bench.message("refused", text);
    const healthy = await bench.message("healthy", "hello");
    const turn = bench.worker({ echo: ECHO });
    await Promise.all([turn(conversation), turn(healthy)]);
    await rows("drop trigger refuse on outbox");

    const journal = await rows<{ seq: number; quarantined: string | null }>(
      "select seq, quarantined from event where conversation = $1 order by id",
      conversation,
    );
    expect(journal.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(journal.map(({ quarantined }) => quarantined?.includes("no poison here") ?? false)).toEqual([
      false,
      true,
      false,
    ]);
    expect(await rows(`select status from "case" where conversation = $1`, conversation)).toEqual([{ status: "new" }]);
    expect(await rows("select 1 from outbox where conversation = $1", healthy)).toHaveLength(1);
  });

  it("only for a moment, as after a deadlock, is retried later and not quarantined", async () => {
    await rows(`create or replace function refuse() returns trigger language plpgsql
      as $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$`);
    await rows(
      "create trigger refuse before insert on outbox for each row when (new.content->>'text' like '%moment%') execute function refuse()",
    );
    const conversation = await bench.message("deadlock", "a moment");
    await expect(bench.worker({ echo: ECHO })(conversation)).rejects.toThrow("deadlock");
    await rows("drop trigger refuse on outbox");
    await bench.worker({ echo: ECHO })(conversation);
    expect(await rows("select seq, quarantined from event where conversation = $1", conversation)).toEqual([
      { seq: 1, quarantined: null },
    ]);
  });
});

describe("the values that a turn stores", () => {
  const KEEPS =
    'title: K\nstatus: live\non: [conversation.opened]\nsteps:\n  - use: crm.get\n    with: { key: a }\n    save: account\n  - say: "{{ account.tier }}"\n  - ask: More?\n';

  // I6, for what connectors answer
  it("may have any names and texts that JSON can hold", async () => {
    const turn = bench.worker({ keeps: KEEPS });
    const conversation = await bench.message("odd names", "hello");
    await turn(conversation);
    const [ask] = await rows<{ id: string }>("select id from ask where conversation = $1", conversation);
    const value = { tier: "pro\0\ud800", "nul\0name": 1, "half\udc00name": { "\ud83d": ["\0"] } };
    expect(
      await answerAsk(bench.db, ask?.id ?? "", {
        result: { ok: true, value },
        outcome: "succeeded",
        effect: null,
        tookMs: 1,
      }),
    ).toBe(conversation);
    await turn(conversation);
    const said = await rows<{ text: string }>(
      "select text from message where conversation = $1 and author = 'bot' order by id",
      conversation,
    );
    expect(said.map(({ text }) => text)).toEqual(["pro\ufffd", "More?"]);
    await bench.message("odd names", "yes");
    await turn(conversation);
    expect(await rows("select 1 from event where conversation = $1 and seq is null", conversation)).toEqual([]);
  });
});

describe("alarms", () => {
  it("fire once, however many processes sweep", async () => {
    const conversation = await bench.message("alarms", "hello");
    await rows(
      "insert into alarm select $1, 'a' || n, now() - n * interval '1 second' from generate_series(1, 2500) n",
      conversation,
    );
    const sweepers = [bench.db, bench.open(), bench.open()];
    for (let left = 2500; left > 0; ) {
      await Promise.all(sweepers.map((db) => fireAlarms(db)));
      left = Number((await rows<{ n: number }>("select count(*) as n from alarm"))[0]?.n);
    }
    const rung = await rows<{ alarm: string }>("select payload->>'alarm' as alarm from event where kind = 'alarm'");
    expect(rung).toHaveLength(2500);
    expect(new Set(rung.map(({ alarm }) => alarm)).size).toBe(2500);
  });
});
