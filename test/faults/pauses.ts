/** PostgreSQL and Redis stand still for a while, one after the other, while customers write. */
import { setTimeout as pause } from "node:timers/promises";
import { ECHO, OUR_NUMBER, SETTLED, startDesk } from "../support/desk.ts";
import { ownRedis } from "../support/own-redis.ts";
import { freshDatabase } from "../support/services.ts";
import { stallingProxy } from "../support/stalling-proxy.ts";

const POSTGRES_PORT = 5432;
/** Time for which people wait for an answer after all is well again. */
const SETTLED_WITHIN_MS = 60_000;
const EVERY_MS = 200;

export interface PausesReport {
  /** Messages that were acknowledged. */
  acknowledged: number;
  /** Their bodies whose answers did not arrive exactly once. */
  wrong: string[];
  /** Alarms that did not fire. */
  unfired: number;
  /** Lines logged at warn and above, by message. */
  logged: Record<string, number>;
}

/** Pauses each server for `ms`; customers write all the while, and an alarm is due in each pause. */
export async function pauses({ ms }: { ms: number }): Promise<PausesReport> {
  await using redis = await ownRedis();
  await using database = await freshDatabase();
  await using proxy = await stallingProxy(database.url, { port: POSTGRES_PORT });
  await using desk = await startDesk({
    files: { "workflows/echo.yaml": ECHO },
    databaseUrl: proxy.url,
    redis: redis.url,
  });
  const acknowledged: string[] = [];
  const writing: Promise<void>[] = [];
  let serial = 0;
  const writeFor = async (forMs: number): Promise<void> => {
    for (const until = performance.now() + forMs; performance.now() < until; await pause(EVERY_MS)) {
      const body = `text ${++serial}`;
      const text = desk.twilio.text({ from: `+1555900${String(1_000 + (serial % 7))}`, to: OUR_NUMBER, body });
      writing.push(text.then(({ status }) => void (status === 200 && acknowledged.push(body))));
    }
  };
  const setAlarm = (id: string, afterMs: number) =>
    desk.rows("insert into alarm select min(id), $1, now() + $2::int * interval '1 millisecond' from conversation", [
      id,
      afterMs,
    ]);
  await writeFor(1_000);
  await desk.until(SETTLED);
  await setAlarm("in the pause of Redis", ms / 2);
  await redis.command(`CLIENT PAUSE ${ms} ALL`);
  await writeFor(ms);
  await setAlarm("in the pause of PostgreSQL", ms / 2);
  proxy.stall();
  await writeFor(ms);
  proxy.resume();
  await writeFor(1_000);
  await Promise.all(writing);
  await desk.until(SETTLED, { withinMs: SETTLED_WITHIN_MS });
  await desk.until("select count(*) = 0 as ok from alarm", { withinMs: SETTLED_WITHIN_MS });
  const sent = desk.twilio.sent().map(({ body }) => body);
  const fired = await desk.rows("select 1 from event where kind = 'alarm'");
  const logged: Record<string, number> = {};
  for (const { msg } of desk.logged) logged[String(msg)] = (logged[String(msg)] ?? 0) + 1;
  const wrong = acknowledged.filter((body) => sent.filter((answer) => answer === `You said ${body}`).length !== 1);
  return { acknowledged: acknowledged.length, wrong, unfired: 2 - fired.length, logged };
}
