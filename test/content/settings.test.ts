import { describe, expect, test } from "vitest";
import { parseSettings } from "../../src/content/settings.ts";
import { isOpenAt, nextOpening, nextOpeningText } from "../../src/domain/hours.ts";
import { ceilingOf, DEFAULT_LIMITS } from "../../src/domain/limits.ts";
import { DEFAULT_RETENTION } from "../../src/domain/retention.ts";
import { marked } from "../workflow/marked.ts";

const SOUND = `channels:
  playground: { adapter: playground }
  sms:        { adapter: twilio-sms, account_sid: "env:SID", auth_token: "file:/run/secrets/token", from: "+15550100" }
  mail:       { adapter: email, imap: { url: "env:IMAP_URL" } }
desk: { adapter: playground, channel: playground }
default_queue: front-line
queues:
  front-line:
    title: Front line
    slack_channel: "#support"
    members: [Dana, U123]
    hours: { timezone: Europe/Berlin, open: { mon-fri: "09:00-18:00", sat: ["10:00-12:00", "14:00-16:00"] } }
    closed_say: { en: "Back at {{ queue.opens_at | date: '%A %H:%M' }}.", de: "Wieder da: {{ queue.opens_at }}." }
  leads:
`;

function settings(source: string = SOUND) {
  const parsed = parseSettings(source);
  if (parsed.settings === null) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.settings;
}

const change = (from: string, to: string): string => SOUND.replace(from, () => to);

describe("frontdesk.yaml", () => {
  test("is read, with defaults filled in", () => {
    const read = settings();
    expect(read).toMatchObject({
      desk: { adapter: "playground", channel: "playground" },
      defaultQueue: "front-line",
      reopenWithinMs: 259_200_000,
      closeAfterMs: 1_209_600_000,
      retention: DEFAULT_RETENTION,
    });
    expect(read.channels["sms"]).toEqual({
      name: "sms",
      adapter: "twilio-sms",
      entry: { account_sid: "env:SID", auth_token: "file:/run/secrets/token", from: "+15550100" },
      position: { line: 3, column: 3 },
    });
    expect(read.queues["leads"]).toMatchObject({ title: "leads", members: "channel", hours: null, closedSay: null });
    expect(read.queues["front-line"]).toMatchObject({ members: ["Dana", "U123"], deskPlace: "#support" });
  });

  test("lists the secrets that each connector may use", () => {
    expect(settings().secrets).toEqual({});
    const { secrets } = settings(
      `${SOUND}secrets: { crm: ["env:CRM_URL", "file:/run/secrets/crm"], shop: "env:SHOP" }\n`,
    );
    expect(secrets).toMatchObject({
      crm: { names: ["env:CRM_URL", "file:/run/secrets/crm"] },
      shop: { names: ["env:SHOP"] },
    });
  });

  test("has the voice of models, if any", () => {
    expect(settings().voice).toBe("");
    expect(settings(`${SOUND}voice: |\n  We are warm and brief.\n  We say "you".\n`).voice).toBe(
      'We are warm and brief.\nWe say "you".',
    );
    const { settings: read, diagnostics } = parseSettings(`${SOUND}voice: ${"x".repeat(2_001)}\n`);
    expect(read).toBeNull();
    expect(diagnostics[0]?.message).toBe("voice: has 2001 characters; at most 2000 are allowed");
  });

  test("sets how long each kind of data is kept, or that it is kept for ever", () => {
    const { retention, closeAfterMs } = settings(
      `${SOUND}close_after: 2d\nretention: { raw: 7d, dedupe_keys: 3d, files: never, closed_conversations: 30d }\n`,
    );
    const day = 86_400_000;
    expect(closeAfterMs).toBe(2 * day);
    expect(retention).toEqual({
      ...DEFAULT_RETENTION,
      raw: 7 * day,
      dedupeKeys: 3 * day,
      files: null,
      closedConversations: 30 * day,
    });
  });

  test.each([
    ["dedupe_keys: 2d", "dedupe_keys: is at least 3d, or never: a platform may repeat a message that late"],
    ["journal: 1h", "journal: is at least 1d, or never"],
    ["raw: soon", "is no duration"],
    ["dedupe: 5d", "dedupe"],
  ])("refuses retention: { %s }", (line, message) => {
    const { settings: read, diagnostics } = parseSettings(`${SOUND}retention: { ${line} }\n`);
    expect(read).toBeNull();
    expect(diagnostics.map((one) => one.message).join("\n")).toContain(message);
  });

  test("has default limits, each of which can be set", () => {
    expect(settings().limits).toEqual(DEFAULT_LIMITS);
    const limits = `limits:
  sender: { per_minute: 12 }
  thread: { per_hour: 90, per_day: 200 }
  channel: { per_day: 5000, of: { sms: 800 } }
  loop: { exchanges: 4, within: 30m }
  files: { message_mb: 5, store_mb: 2048 }
`;
    const read = settings(`${SOUND}${limits}`).limits;
    expect(read.sender).toEqual({ ...DEFAULT_LIMITS.sender, minute: 12 });
    expect(read.thread).toEqual({ ...DEFAULT_LIMITS.thread, hour: 90, day: 200 });
    expect([ceilingOf(read, "sms"), ceilingOf(read, "mail")]).toEqual([800, 5_000]);
    expect(read.loop).toEqual({ exchanges: 4, withinMs: 1_800_000, rapid: 15 });
    expect(read.files).toMatchObject({ perMessage: 5 * 1024 * 1024, store: 2 * 1024 * 1024 * 1024 });
  });

  test("sets the desk's undo delay and internal hosts; a queue's members may be a user group", () => {
    expect(settings().desk).toMatchObject({ undoMs: null, internalHosts: [] });
    const deskOf = (more: string) => settings(change("channel: playground }", `channel: playground, ${more} }`)).desk;
    expect(deskOf("undo: 30s").undoMs).toBe(30_000);
    expect(deskOf("undo: 0s").undoMs).toBe(0);
    expect(deskOf("internal_links: [Wiki.acme.example, .corp.example]").internalHosts).toEqual([
      "wiki.acme.example",
      ".corp.example",
    ]);
    const grouped = settings(change("[Dana, U123]", '"usergroup:@support"'));
    expect(grouped.queues["front-line"]?.members).toEqual({ usergroup: "@support" });
    const joined = settings(change("[Dana, U123]", "public-channel"));
    expect(joined.queues["front-line"]?.members).toBe("public-channel");
  });

  test("a queue's texts are in the customer's language", () => {
    const say = settings().queues["front-line"]?.closedSay;
    const values = { queue: { opens_at: "2026-11-23 09:00" } };
    expect(say?.(values, ["de", "en"])).toBe("Wieder da: 2026-11-23 09:00.");
    expect(say?.(values, ["fr", "en"])).toBe("Back at Monday 09:00.");
    expect(say?.(values, [])).toBe("Back at Monday 09:00.");
  });

  test.each<[code: string, file: string, message: string]>([
    ["F201", change('"file:/run/secrets/token"', "¦abc123"), "must not be in this file"],
    ["F201", change('"env:IMAP_URL"', "¦imaps://dana:hunter2@mail.example"), "holds a password"],
    [
      "F201",
      change("{ adapter: playground }", "{ adapter: playground, nested: [{ signing_secret: ¦x }] }"),
      "must not be in this file",
    ],
    ["F005", change("default_queue:", "¦defaultqueue: x\ndefault_queue:"), 'did you mean "default_queue"'],
    [
      "F007",
      `${SOUND}limits: { sender: { per_minute: ¦0 } }\n`,
      "per_minute: must be a whole number from 1 to 10000000",
    ],
    ["F007", `${SOUND}limits: { loop: { rapid: ¦often } }\n`, "rapid: must be a whole number"],
    ["F005", `${SOUND}limits: { sender: { ¦per_second: 3 } }\n`, "sender: has no key per_second:"],
    ["F005", `${SOUND}limits: { ¦senders: 3 }\n`, 'did you mean "sender"'],
    ["F106", `${SOUND}limits: { channel: { of: { ¦sns: 100 } } }\n`, 'there is no channel "sns"'],
    ["F007", `${SOUND}limits: { cost_per_day_usd: ¦-1 }\n`, "cost_per_day_usd: must be a number from 0 to 1000000"],
    ["F007", `${SOUND}limits: { tokens_per_day: ¦1.5 }\n`, "tokens_per_day: must be a whole number"],
    ["F008", change("    title:", "    ¦sla: { first_reply: 15m }\n    title:"), "sla: is not supported yet"],
    ["F008", change("    title:", "    ¦unclaimed: []\n    title:"), "unclaimed: is not supported yet"],
    ["F014", change("[Dana, U123]", "¦[Dana, usergroup:@support]"), "one usergroup:, or people, not both"],
    ["F014", change("[Dana, U123]", "¦[Dana, public-channel]"), "takes public-channel alone, or people, not both"],
    ["F014", change("channel: playground }", "channel: playground, internal_links: ¦https://wiki }"), "lists hosts"],
    ["F013", change("channel: playground }", "channel: playground, undo: ¦soon }"), "no duration"],
    ["F101", change("default_queue: front-line", "default_queue: ¦front-lin"), 'did you mean "front-line"'],
    ["F106", change("channel: playground }", "channel: ¦playgrund }"), 'did you mean "playground"'],
    ["F106", change("channel: playground }", "channel: ¦sms }"), "has the adapter twilio-sms"],
    ["F006", change("{ adapter: playground }", "{ }").replace("playground: { }", "¦playground: { }"), "needs adapter:"],
    ["F006", change("default_queue: front-line\n", "").replace("channels:", "¦channels:"), "needs default_queue:"],
    ["F013", change("default_queue:", "reopen_within: ¦3 days\ndefault_queue:"), "no duration"],
    ["F014", change("Europe/Berlin", "¦Europe/Berln"), "not a time zone"],
    ["F014", change("mon-fri:", "¦mon-fry:"), "not a day"],
    ["F014", change('"09:00-18:00"', '¦"9-18"'), 'times as "09:00-18:00"'],
    ["F115", change("{{ queue.opens_at }}", "{{ ¦contact.name }}"), "may only use queue.opens_at"],
    ["F012", change("{{ queue.opens_at }}", "{{ queue.opens_at | ¦dat }}"), 'did you mean "date"'],
    ["F002", change('"#support"', "¦Note: x"), "needs quotes"],
    ["F202", change('"file:/run/secrets/token"', '¦"env:DATABASE_URL"'), "env:DATABASE_URL is a variable of Frontdesk"],
    ["F202", change('"env:IMAP_URL"', '¦"file:/proc/self/environ"'), "lies in a folder of the system"],
    ["F202", `${SOUND}secrets: { crm: ["env:CRM", ¦"env:PGPASSWORD"] }\n`, "no channel or connector may use"],
    ["F202", `${SOUND}secrets: { crm: ¦"file:/run/../proc/1/environ" }\n`, "without //, . and .."],
    ["F201", `${SOUND}secrets: { crm: [¦CRM_TOKEN] }\n`, "write env:NAME or file:/path"],
    ["F007", `${SOUND}secrets: ¦["env:CRM"]\n`, "keys with values under it"],
  ])("reports %s at its position: %s", (code, file, message) => {
    const { source, at } = marked(file);
    const { settings: read, diagnostics } = parseSettings(source);
    expect(read).toBeNull();
    expect(diagnostics.map(({ line, column, code: found, message }) => [`${line}:${column}`, found, message])).toEqual([
      [at, code, expect.stringContaining(message)],
    ]);
  });

  test("a message never repeats a secret", () => {
    const { diagnostics } = parseSettings(change('"file:/run/secrets/token"', "hunter2"));
    expect(JSON.stringify(diagnostics)).not.toContain("hunter2");
  });
});

describe("opening hours", () => {
  const berlin = settings().queues["front-line"]?.hours;
  const night = settings(SOUND.replace('mon-fri: "09:00-18:00"', 'fri: "22:00-06:00"')).queues["front-line"]?.hours;
  const never = { timezone: "Europe/Berlin", open: [] };

  test.each<[string, boolean, string | null]>([
    ["2026-11-20T07:59:59Z", false, "2026-11-20 09:00"],
    ["2026-11-20T08:00:00Z", true, "2026-11-21 10:00"],
    ["2026-11-20T16:59:59Z", true, "2026-11-21 10:00"],
    ["2026-11-20T17:00:00Z", false, "2026-11-21 10:00"],
    ["2026-11-21T11:30:00Z", false, "2026-11-21 14:00"],
    ["2026-11-21T15:00:00Z", false, "2026-11-23 09:00"],
    ["2026-11-22T12:00:00Z", false, "2026-11-23 09:00"],
    // Summer time begins in the night of 29 March: after it 09:00 is 07:00 UTC, not 08:00.
    ["2026-03-28T20:00:00Z", false, "2026-03-30 09:00"],
    ["2026-12-31T20:00:00Z", false, "2027-01-01 09:00"],
  ])("at %s in Berlin: open %s, opens next %s", (at, open, opens) => {
    if (berlin == null) throw new Error("There are no hours.");
    expect(isOpenAt(berlin, new Date(at))).toBe(open);
    expect(nextOpeningText(berlin, new Date(at))).toBe(opens);
  });

  test("the opening after a clock change is the right instant", () => {
    if (berlin == null) throw new Error("There are no hours.");
    expect(nextOpening(berlin, new Date("2026-03-28T20:00:00Z"))?.toISOString()).toBe("2026-03-30T07:00:00.000Z");
  });

  test.each([
    ["2026-11-20T20:59:00Z", false],
    ["2026-11-20T21:00:00Z", true],
    ["2026-11-21T04:59:00Z", true],
    ["2026-11-21T05:00:00Z", false],
  ])("a span over midnight from Friday to Saturday, at %s: open %s", (at, open) => {
    if (night == null) throw new Error("There are no hours.");
    expect(isOpenAt(night, new Date(at))).toBe(open);
  });

  test("a queue that never opens has no next opening", () => {
    expect(isOpenAt(never, new Date(0))).toBe(false);
    expect(nextOpeningText(never, new Date(0))).toBeNull();
  });
});
