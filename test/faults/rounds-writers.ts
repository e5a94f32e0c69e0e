/** Customers of a round, who write over Twilio and wait for each acknowledgement. */
import { setTimeout as pause } from "node:timers/promises";
import { OUR_NUMBER, type TestDesk } from "../support/desk.ts";
import type { Random } from "../support/random.ts";
import type { World } from "./rounds-world.ts";

export interface Written {
  from: string;
  body: string;
  sid: string;
  acknowledgedAt: number;
}

const CUSTOMERS = 10;
const TEXTS = 12;
/** Customers with a message whose answer from Twilio is lost, so that its send is in doubt. */
const LOST_ANSWERS = 2;
/** Twilio's own limit for an answer to a webhook. */
const ACKNOWLEDGED_WITHIN_MS = 15_000;

/** Writes all texts of a round; each unacknowledged one is repeated under the same id. */
export async function writeAll(
  { desk }: World,
  { round, random }: { round: number; random: Random },
): Promise<Written[]> {
  const customers = Array.from(
    { length: CUSTOMERS },
    (_, n) => `+1555${String(round).padStart(3, "0")}${String(n).padStart(4, "0")}`,
  );
  for (const [n, to] of customers.entries()) {
    const slow = { kind: "slow", ms: random.between(5, 120) } as const;
    if (n < LOST_ANSWERS) {
      desk.twilio.script(to, slow, { times: random.between(1, TEXTS) });
      desk.twilio.script(to, { kind: "answer-lost" });
    }
    desk.twilio.script(to, slow, { times: 1_000 });
  }
  const gaps = customers.map(() => Array.from({ length: TEXTS }, () => random.between(50, 600)));
  const written = await Promise.all(customers.map((from, n) => write(desk, { from, round, gaps: gaps[n] ?? [] })));
  return written.flat();
}

async function write(
  desk: TestDesk,
  { from, round, gaps }: { from: string; round: number; gaps: readonly number[] },
): Promise<Written[]> {
  const written: Written[] = [];
  for (const [n, gap] of gaps.entries()) {
    await pause(gap);
    const body = `round ${round} text ${n}`;
    const sid = `SM${from.slice(1).padStart(20, "0")}${String(n).padStart(12, "0")}`;
    while (!(await acknowledged(desk, { from, body, sid }))) await pause(50);
    written.push({ from, body, sid, acknowledgedAt: Date.now() });
  }
  return written;
}

async function acknowledged(desk: TestDesk, text: { from: string; body: string; sid: string }): Promise<boolean> {
  const { url, headers, body } = desk.twilio.textWebhook({ ...text, to: OUR_NUMBER });
  const signal = AbortSignal.timeout(ACKNOWLEDGED_WITHIN_MS);
  return fetch(url, { method: "POST", headers, body, signal }).then(
    ({ status }) => status === 200,
    () => false,
  );
}
