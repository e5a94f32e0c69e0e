/** Customers of a test of two versions, who wait for each answer before they go on, and the operator who helps them. */
import { OUR_NUMBER, type TestDesk } from "../support/desk.ts";

export interface Writer {
  channel: "sms" | "chat";
  from: string;
  thread: string;
  /** Beginnings of the texts that they should have got so far, in order. */
  expected: string[];
  /** Writes to the build at `url`, and waits until the answers have arrived. Throws if they don't. */
  says(text: string, answers: readonly string[], url: string): Promise<void>;
  /** Answers them as the operator Kim, through the build at `url`; waits until it has arrived. */
  helped(text: string, url: string): Promise<void>;
  /** Kim does something else with their case. */
  held(command: "claim" | "hand_back", url: string): Promise<void>;
}

/** Longest wait for an answer: a sweep and a lease, on a machine that is busy. */
const ANSWERED_WITHIN_MS = 30_000;

const ANSWERED = `
select array_agg(coalesce(content->>'text', '') order by id) filter (where outcome is not null) as had,
  count(*) filter (where outcome is null) as unsent,
  count(*) filter (where outcome is not null) >= $3::int and count(*) filter (where outcome is null) = 0 as ok
from outbox where channel = $1 and thread = $2 and content->'desk' is null`;

const HELD = `
select status, status = $3 as ok from "case" k join conversation c on c.id = k.conversation
where c.channel = $1 and c.thread = $2 order by c.id desc limit 1`;

/** Makes as many customers of each channel. */
export function writersOf(desk: TestDesk, perChannel: number): Writer[] {
  return Array.from({ length: perChannel }, (_, n) => [
    writer(desk, { channel: "sms", from: `+1555070${String(n).padStart(4, "0")}` }),
    writer(desk, { channel: "chat", from: `dana-${n}` }),
  ]).flat();
}

function writer(desk: TestDesk, { channel, from }: { channel: "sms" | "chat"; from: string }): Writer {
  const thread = channel === "sms" ? `${OUR_NUMBER}:${from}` : `thread-${from}`;
  const expected: string[] = [];
  const answered = () =>
    desk.until(ANSWERED, { values: [channel, thread, expected.length], withinMs: ANSWERED_WITHIN_MS });
  const conversation = async () => {
    const sql = "select id from conversation where channel = $1 and thread = $2 order by id desc limit 1";
    const [row] = await desk.rows<{ id: number }>(sql, [channel, thread]);
    if (row === undefined) throw new Error(`${from} has no conversation`);
    return row.id;
  };
  return {
    channel,
    from,
    thread,
    expected,
    async says(text, answers, url) {
      expected.push(...answers);
      await write(desk, { channel, from, text, url });
      await answered();
    },
    async helped(text, url) {
      expected.push(text);
      await desk.operator("kim", { url }).does(await conversation(), { kind: "reply", text });
      await answered();
    },
    async held(command, url) {
      await desk.operator("kim", { url }).does(await conversation(), { kind: command });
      const status = command === "claim" ? "with us" : "with the bot";
      await desk.until(HELD, { values: [channel, thread, status], withinMs: ANSWERED_WITHIN_MS });
    },
  };
}

interface Words {
  channel: "sms" | "chat";
  from: string;
  text: string;
  url: string;
}

async function write(desk: TestDesk, { channel, from, text, url }: Words): Promise<void> {
  const { status } =
    channel === "sms"
      ? await desk.twilio.text({ from, to: OUR_NUMBER, body: text, url: `${url}/channels/sms` })
      : await desk.customer(from, { url }).message(text);
  if (status !== 200) throw new Error(`${url} answered ${status} to “${text}”`);
}
