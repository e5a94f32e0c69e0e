import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { run } from "./captured.ts";
import { contentFolder, SETTINGS } from "./home.ts";

const SAMPLES = "channels/twilio-sms/samples";

test("prints how an adapter reads a webhook's body", async () => {
  const { code, out } = await run(["inspect", "twilio-sms", `${SAMPLES}/picture.form`]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([
    {
      kind: "message",
      id: "MM00000000000000000000000000000009",
      thread: "+12125550100:+14155550142",
      from: "+14155550142",
      trust: "asserted",
      text: "",
      attachments: [{ mediaType: "image/jpeg" }, { mediaType: "video/mp4" }],
      flags: ["layout_dropped"],
    },
  ]);
});

test("reads from standard input", async () => {
  const body = readFileSync("channels/playground/samples/message.json");
  const { out } = await run(["inspect", "playground", "-"], { stdin: async () => body });
  expect(JSON.parse(out)).toMatchObject([
    { kind: "message", id: "m-1", displayName: "Dana Meyer", sentAt: "2026-03-01T08:30:00.000Z" },
  ]);
});

test("an unreadable body is ignored with a reason, whatever its bytes", async () => {
  const { code, out } = await run(["inspect", "twilio-sms", "-"], {
    stdin: async () => new Uint8Array([0xff, 0, 0x25]),
  });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([{ kind: "ignored", reason: "not_a_message" }]);
});

test("a number in frontdesk.yaml is used without the channel's secrets", async () => {
  const service = `MG${"0".repeat(32)}`;
  const home = contentFolder({
    "frontdesk.yaml": `channels:
  sms: { adapter: twilio-sms, account_sid: "env:SID", auth_token: "env:TOKEN", messaging_service_sid: ${service} }
desk: { adapter: twilio-sms, channel: sms }
default_queue: a
queues: { a: { title: A, members: channel } }
`,
  });
  const { out } = await run(["inspect", "twilio-sms", `${SAMPLES}/text.form`, "--home", home]);
  expect(JSON.parse(out)[0].thread).toMatch(new RegExp(`^${service}:`));
});

const OPTIONS = [
  "--options",
  "billing=A charge or an invoice",
  "--options",
  "order=An order",
  "--options",
  "person=A person",
];

test.each([
  ["1", { option: "billing", via: "number" }],
  ["2)", { option: "order", via: "number" }],
  ["0", { option: "person", via: "number" }],
  ["An order", { option: "order", via: "label" }],
  ["9", { option: null, why: "out_of_range" }],
  ["I have 2 problems", { option: null, why: "free_text" }],
])("a typed %j means %j", async (text, meaning) => {
  const { code, out } = await run(["inspect", "choice", ...OPTIONS, "--", text]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(meaning);
});

test("an answer that may mean the opposite returns both candidates", async () => {
  const ship = ["--options", "with=With delivery", "--options", "without=Without delivery"];
  const { code, out } = await run(["inspect", "choice", ...ship, "--", "withot delivery"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({ option: null, why: "opposites", candidates: ["with", "without"] });
});

test("a carrier's reserved words are never an answer on its channel", async () => {
  const entry = '{ adapter: twilio-sms, account_sid: "env:SID", auth_token: "env:TOKEN", from: "+15550100" }';
  const home = contentFolder({ "frontdesk.yaml": SETTINGS.replace("channels:\n", `channels:\n  carrier: ${entry}\n`) });
  const stop = async (channel: string) => {
    const flags = ["--options", "stop=Stop", "--channel", channel, "--home", home];
    return JSON.parse((await run(["inspect", "choice", ...flags, "STOP"])).out) as unknown;
  };
  expect(await stop("carrier")).toEqual({ option: null, why: "reserved_word" });
  expect(await stop("sms")).toEqual({ option: null, why: "reserved_word" });
  expect(await stop("chat")).toMatchObject({ option: "stop" });
});
