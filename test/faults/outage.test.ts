import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { ECHO, OUR_NUMBER, SETTLED, startDesk } from "../support/desk.ts";
import { ownPostgres } from "../support/own-postgres.ts";

const DANA = "+15550600001";
const OUTAGE_MS = 1_000;

// With lanes on the Postgres that crashes, an error that nobody listens for would end the process.
test.each([
  ["the lanes there are", {}],
  ["its lanes", { REDIS_URL: "" }],
])(
  "a crash of Postgres, under %s, loses neither what the platform said nor what a customer writes meanwhile",
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

    // The send is under way: its answer comes while there is no database to keep it.
    await postgres.kill();
    const meanwhile = [2, 3].map((n) => write(`text ${n}`, `SM${String(n).repeat(32)}`));
    // As long as the outage lasts; the answer to the first has come by then.
    await pause(OUTAGE_MS);
    await postgres.restart();

    expect((await Promise.all(meanwhile)).map(({ status }) => status)).toEqual([200, 200]);
    await desk.until(SETTLED, { withinMs: 15_000 });
    // O2: known, so neither parked nor sent again.
    expect(await desk.rows("select distinct outcome, attempts from outbox")).toEqual([
      { outcome: "sent", attempts: 1 },
    ]);
    const said = desk.twilio.sent(DANA).map(({ body }) => body);
    expect(said.toSorted()).toEqual(["You said one", "You said text 2", "You said text 3"]);
  },
);
