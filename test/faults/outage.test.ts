import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { ECHO, OUR_NUMBER, SETTLED, startDesk } from "../support/desk.ts";
import { ownPostgres } from "../support/own-postgres.ts";

const DANA = "+15550600001";
const OUTAGE_MS = 1_000;

// With lanes on the crashed Postgres, an unhandled error event would end the process.
test.each([
  ["the default lanes", {}],
  ["lanes on Postgres", { REDIS_URL: "" }],
])(
  "a crash of Postgres, with %s, loses neither the platform's answers nor customers' messages",
  {
    timeout: 60_000,
  },
  async (_, env) => {
    await using postgres = await ownPostgres();
    await using desk = await startDesk({ files: { "workflows/echo.yaml": ECHO }, databaseUrl: postgres.url, env });
    const write = (body: string, sid: string) => desk.twilio.text({ from: DANA, to: OUR_NUMBER, body, sid });
    desk.twilio.script(DANA, { kind: "slow", ms: 400 });
    expect((await write("one", `SM${"1".repeat(32)}`)).status).toBe(200);
    while (desk.twilio.sent(DANA).length === 0) await desk.rows("select 1");

    // The answer to this send arrives while the database is down.
    await postgres.kill();
    const meanwhile = [2, 3].map((n) => write(`text ${n}`, `SM${String(n).repeat(32)}`));
    // Lasts as long as the outage; the answer to the first send has arrived by then.
    await pause(OUTAGE_MS);
    await postgres.restart();

    expect((await Promise.all(meanwhile)).map(({ status }) => status)).toEqual([200, 200]);
    await desk.until(SETTLED, { withinMs: 15_000 });
    // O2: the outcome is known, so it is neither parked nor sent again.
    expect(await desk.rows("select distinct outcome, attempts from outbox")).toEqual([
      { outcome: "sent", attempts: 1 },
    ]);
    const sentTexts = desk.twilio.sent(DANA).map(({ body }) => body);
    expect(sentTexts.toSorted()).toEqual(["You said one", "You said text 2", "You said text 3"]);
  },
);
