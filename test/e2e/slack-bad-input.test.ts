/**
 * Requests to Slack's webhook that Slack did not send, or that are unreadable: refused, or stored with a reason. Wrong times
 * and rewritten bodies are SL7 (slack-sl.test.ts).
 */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SlackDesk, startSlackDesk } from "../support/slack-desk.ts";
import { errorsOf } from "../support/slack-scene.ts";

let at: SlackDesk;
beforeAll(async () => {
  at = await startSlackDesk();
}, 60_000);
afterAll(async () => at?.[Symbol.asyncDispose]());

const JSON_TYPE = "application/json";
/** Returns valid JSON of this length. */
const padded = (bytes: number): string => `{"pad":"${"x".repeat(bytes - 10)}"}`;
const FORM_TYPE = "application/x-www-form-urlencoded";
const MAX_BODY_BYTES = 1024 * 1024;

interface Post {
  body: string | Uint8Array;
  type?: string;
  /** Offset of the signature's time from now, in seconds. */
  offsetS?: number;
  secret?: string;
  headers?: Record<string, string>;
}

function signed({ body, offsetS = 0, secret = at.slack.signingSecret }: Post): Record<string, string> {
  const time = String(Math.floor(Date.now() / 1_000) + offsetS);
  const hash = createHmac("sha256", secret).update(`v0:${time}:`).update(body).digest("hex");
  return { "x-slack-request-timestamp": time, "x-slack-signature": `v0=${hash}` };
}

async function post(o: Post): Promise<{ status: number; answer: string }> {
  const headers = { "content-type": o.type ?? JSON_TYPE, ...(o.headers ?? signed(o)) };
  const body = Buffer.from(o.body);
  const response = await fetch(`${at.desk.url}/channels/slack`, { method: "POST", headers, body });
  return { status: response.status, answer: await response.text() };
}

const event = (inner: object, id = `Ev${Math.random()}`): string =>
  JSON.stringify({ ...ENVELOPE, event_id: id, event: inner });
const ENVELOPE = { type: "event_callback", team_id: "T1", api_app_id: "A1" };
const spoken = (more: object = {}): object => ({
  type: "message",
  user: at.dana,
  channel: at.slack.dm(at.dana),
  channel_type: "im",
  ts: "1700000000.000100",
  text: "hello",
  ...more,
});
const form = (payload: object): string => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

interface StoredRow {
  body: Buffer;
  outcome: string;
  reason: string | null;
}

/** Returns the newest rows first. */
const latestRows = (limit = 1): Promise<StoredRow[]> =>
  at.desk.rows<StoredRow>(
    "select body, outcome, reason from raw_inbound where channel = 'slack' order by id desc limit $1",
    [limit],
  );
const count = async (table: "raw_inbound" | "message" | "event"): Promise<number> => {
  const [row] = await at.desk.rows<{ n: number }>(`select count(*)::int as n from ${table}`);
  return row?.n ?? -1;
};

describe("a request that is not Slack's is refused and stores nothing", () => {
  const NOT_OURS: [string, () => Post][] = [
    ["signed with another secret", () => ({ body: event(spoken()), secret: "0".repeat(32) })],
    ["without the headers", () => ({ body: event(spoken()), headers: {} })],
    [
      "with a signature of another length",
      () => {
        const body = event(spoken());
        return { body, headers: { ...signed({ body }), "x-slack-signature": "v0=abc" } };
      },
    ],
    [
      "with an invalid time",
      () => {
        const body = event(spoken());
        return { body, headers: { ...signed({ body }), "x-slack-request-timestamp": "yesterday" } };
      },
    ],
    [
      "with Slack's old verification token only",
      () => ({ body: JSON.stringify({ ...JSON.parse(event(spoken())), token: "deprecated" }), headers: {} }),
    ],
  ];

  test.each(NOT_OURS)("%s: 401", async (_, make) => {
    const before = await count("raw_inbound");
    expect((await post(make())).status).toBe(401);
    expect(await count("raw_inbound")).toBe(before);
  });

  test("one byte more than 1 MB, even if signed: 413; one byte less is read", async () => {
    const before = await count("raw_inbound");
    expect(padded(MAX_BODY_BYTES)).toHaveLength(MAX_BODY_BYTES);
    expect((await post({ body: padded(MAX_BODY_BYTES + 1) })).status).toBe(413);
    expect(await count("raw_inbound")).toBe(before);
    expect((await post({ body: padded(MAX_BODY_BYTES) })).status).toBe(200);
    expect(await count("raw_inbound")).toBe(before + 1);
  });
});

describe("a request of Slack's without meaning for us is stored with a reason", () => {
  const dm = { id: "D1" };
  const person = { id: "U1", team_id: "T1" };
  const NOT_READ: [string, () => Post, string][] = [
    ["an unknown subtype", () => ({ body: event(spoken({ subtype: "hologram" })) }), "unknown_subtype:hologram"],
    ["an unreadable subtype", () => ({ body: event(spoken({ subtype: "<!here>" })) }), "unknown_subtype:unreadable"],
    ["an unknown event", () => ({ body: event({ type: "dreamt" }) }), "unknown_event:dreamt"],
    ["a message without an id", () => ({ body: event(spoken({ ts: undefined })) }), "not_a_message"],
    ["a message with an invalid channel", () => ({ body: event(spoken({ channel: "D1:2" })) }), "not_a_message"],
    ["an unknown outer type", () => ({ body: '{"type":"hello"}' }), "unknown_interaction"],
    ["an event without an event", () => ({ body: JSON.stringify(ENVELOPE) }), "unknown_type:event_callback"],
    ["valid JSON of another shape", () => ({ body: '{"hello":["world",1,null]}' }), "not_slack"],
    ["a JSON array", () => ({ body: "[1,2,3]" }), "not_slack"],
    ["a JSON number", () => ({ body: "7" }), "not_slack"],
    ["incomplete JSON", () => ({ body: '{"type":"event_callb' }), "not_json"],
    ["an empty body", () => ({ body: "" }), "not_slack"],
    [
      "a message that is not UTF-8",
      () => ({ body: Buffer.from(event(spoken({ text: "Gr\u00f6\u00dfe" })), "latin1") }),
      "not_json",
    ],
    ["bytes that are not UTF-8", () => ({ body: Uint8Array.of(0xff, 0xfe, 0xc3, 0x28, 0x80) }), "not_slack"],
    [
      "a form whose payload is not UTF-8",
      () => ({ body: Buffer.from([...Buffer.from("payload="), 0xff, 0xc3, 0x28]), type: FORM_TYPE }),
      "not_json",
    ],
    ["a form without payload", () => ({ body: "token=x&team_id=T1", type: FORM_TYPE }), "not_slack"],
    ["a form with an empty payload", () => ({ body: "payload=", type: FORM_TYPE }), "not_json"],
    [
      "an old message button",
      () => ({ body: form({ type: "interactive_message", user: person, actions: [{ name: "go" }] }), type: FORM_TYPE }),
      "retired:interactive_message",
    ],
    [
      "an old dialog",
      () => ({ body: form({ type: "dialog_submission", user: person, submission: {} }), type: FORM_TYPE }),
      "retired:dialog_submission",
    ],
    [
      "actions of an attachment",
      () => ({ body: form({ type: "block_actions", user: person, actions: [{ name: "go" }] }), type: FORM_TYPE }),
      "bad_action",
    ],
    [
      "a press without an action",
      () => ({ body: form({ type: "block_actions", user: person, actions: [] }), type: FORM_TYPE }),
      "no_actions",
    ],
    [
      "a button of ours with a foreign value",
      () => {
        const actions = [{ action_id: "desk:claim", value: '{"c":"x"}', action_ts: "1.1" }];
        return { body: form({ type: "block_actions", user: person, actions }), type: FORM_TYPE };
      },
      "bad_desk_value",
    ],
    [
      "a dialog of ours with a foreign value",
      () => {
        const view = { id: "V1", hash: "h", callback_id: "desk:note", private_metadata: "{}", state: { values: {} } };
        return { body: form({ type: "view_submission", user: person, view }), type: FORM_TYPE };
      },
      "refused",
    ],
  ];

  test.each(NOT_READ)("%s: 200", async (_, make, reason) => {
    const before = await count("message");
    const given = make();
    expect((await post(given)).status).toBe(200);
    const [row] = await latestRows();
    expect(row).toMatchObject({ outcome: "ignored", reason });
    // Stored completely, so that it can be parsed again.
    expect(Buffer.from(row?.body ?? []).equals(Buffer.from(given.body))).toBe(true);
    expect(await count("message")).toBe(before);
    expect(errorsOf(at)).toEqual([]);
  });

  test("a shortcut on an unreadable message is stored with a reason, and without its text", async () => {
    const message = { text: "not written to us", ts: 17 };
    const body = form({ type: "message_action", user: person, channel: dm, message });
    expect((await post({ body, type: FORM_TYPE })).status).toBe(200);
    const [row] = await latestRows();
    expect(row).toMatchObject({ outcome: "ignored" });
    expect(Buffer.from(row?.body ?? []).byteLength).toBe(0);
  });

  test("the challenge of the app's settings is echoed", async () => {
    const body = JSON.stringify({ token: "deprecated", challenge: "c-1", type: "url_verification" });
    const { status, answer } = await post({ body });
    expect([status, answer]).toEqual([200, '{"challenge":"c-1"}']);
    expect(await latestRows()).toMatchObject([{ outcome: "ignored", reason: "url_verification" }]);
    expect((await post({ body, secret: "no" })).status).toBe(401);
  });

  test("and a customer is answered after all that", async () => {
    const dana = at.slack.dm(at.dana);
    await at.slack.post(at.dana, dana, "Hello again");
    await at.soon("the menu", () =>
      at.slack.messages(dana).find((one) => JSON.stringify(one).includes("What is it about?")),
    );
    expect(errorsOf(at)).toEqual([]);
    expect(at.slack.violations).toEqual([]);
  });
});
