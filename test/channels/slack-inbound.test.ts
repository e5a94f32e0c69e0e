/** Slack's signature and answers, and what its events and interactions become (SL1–SL3, SL5, SL7). */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slack } from "../../channels/slack/index.ts";
import type { Inbound, RawRequest } from "../../src/channel/inbound.ts";
import {
  APP,
  BOT,
  directMessage,
  enveloped,
  form,
  json,
  SETTINGS,
  SIGNING_SECRET,
  slackRequest,
  TEAM,
} from "../support/slack-subject.ts";

const NOW = new Date("2026-06-01T10:00:00Z");
const config = slack.config.parse(SETTINGS);
const webhook = slack.webhook ?? expect.unreachable();
const utf8 = (text: string) => new TextEncoder().encode(text);

const read = (body: Uint8Array, settings: object = {}): Inbound[] =>
  slack.parse({ body, contentType: "", receivedAt: NOW }, slack.config.parse({ ...SETTINGS, ...settings }));

function one(body: Uint8Array, settings: object = {}): Inbound {
  const [first, ...others] = read(body, settings);
  expect(others).toEqual([]);
  return first ?? expect.unreachable();
}

const event = (fields: object, more: object = {}, settings: object = {}) =>
  one(json(enveloped(fields, more)), settings);
const said = (fields: object = {}) => ({ ...directMessage("hi"), ...fields });
const inChannel = (fields: object = {}) => said({ channel: "C0GENERAL1", channel_type: "channel", ...fields });

describe("signature", () => {
  const signedAt = (offMs: number, body = utf8('{"a":1}')) => slackRequest(body, new Date(NOW.getTime() + offMs));
  const verdict = (request: RawRequest, by = config, now = NOW) => webhook.verify(request, by, now);

  it("accepts the example of Slack's documentation", () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&" +
      "channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&" +
      "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&" +
      "trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const headers = {
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    };
    const request = { ...signedAt(0, utf8(body)), headers };
    const then = new Date(1_531_420_618_000);
    expect(verdict(request, config, then)).toEqual({ ok: true });
    const spaced = { ...request, body: utf8(body.replace("text=", "text=+")) };
    expect(verdict(spaced, config, then)).toMatchObject({ ok: false, status: 401 });
  });

  it.each([
    ["301 s old", signedAt(-301_000)],
    ["301 s in the future", signedAt(301_000)],
    ["for a body that was written anew", { ...signedAt(0), body: utf8('{ "a": 1 }') }],
    [
      "with a time that is none",
      { ...signedAt(0), headers: { ...signedAt(0).headers, "x-slack-request-timestamp": "now" } },
    ],
    ["without a signature", { ...signedAt(0), headers: { "x-slack-request-timestamp": "1780308000" } }],
  ])("refuses a request signed %s (SL7)", (_name, request) => {
    expect(verdict(request)).toMatchObject({ ok: false, status: 401 });
  });

  it.each([-300_000, 300_000])("accepts what was signed %i ms off (SL7)", (offMs) => {
    expect(verdict(signedAt(offMs))).toEqual({ ok: true });
  });

  it("accepts both secrets while they are rotated, and only then", () => {
    const rotating = slack.config.parse({ ...SETTINGS, signing_secret: ["new", SIGNING_SECRET] });
    const rotated = slack.config.parse({ ...SETTINGS, signing_secret: "new" });
    const byNew = slackRequest(utf8("{}"), NOW, "new");
    expect([verdict(signedAt(0), rotating), verdict(byNew, rotating)]).toEqual([{ ok: true }, { ok: true }]);
    expect(verdict(byNew, rotated)).toEqual({ ok: true });
    expect(verdict(signedAt(0), rotated)).toMatchObject({ ok: false, status: 401 });
  });

  it("refuses webhooks in Socket Mode, and says what to set", () => {
    const { signing_secret: _, ...others } = SETTINGS;
    const socket = slack.config.parse({ ...others, app_token: "xapp-1-a" });
    const refused = verdict(slackRequest(utf8("{}"), NOW, ""), socket);
    expect(refused).toMatchObject({
      ok: false,
      status: 401,
      reason: expect.stringMatching(/Socket Mode.*signing_secret/),
    });
  });

  it("refuses more than 1 MB before anything else", () => {
    const request = signedAt(0, new Uint8Array(1024 * 1024 + 1));
    expect(verdict({ ...request, headers: {} })).toMatchObject({ ok: false, status: 413 });
    expect(verdict(signedAt(0, new Uint8Array(1024 * 1024)))).toEqual({ ok: true });
  });
});

describe("respond", () => {
  it("gives back the challenge, and else nothing", () => {
    const asked = slackRequest(json({ type: "url_verification", challenge: "c-1" }), NOW);
    expect(webhook.respond({ ok: true }, [], asked)).toEqual({
      status: 200,
      contentType: "application/json",
      body: '{"challenge":"c-1"}',
    });
    const other = slackRequest(json(enveloped(directMessage("challenge"))), NOW);
    expect(webhook.respond({ ok: true }, [{ outcome: "stored" }], other)).toMatchObject({ status: 200, body: "" });
  });

  it("refuses with the reason, and never a challenge", () => {
    const forged = slackRequest(json({ type: "url_verification", challenge: "c-1" }), NOW);
    const refused = webhook.respond({ ok: false, status: 401, reason: "no" }, [], forged);
    expect(refused).toEqual({ status: 401, contentType: "text/plain", body: "no" });
  });
});

describe("a message", () => {
  const mention = inChannel({ text: `<@${BOT}> hello`, client_msg_id: "m-1" });
  const asMessage = event(mention, { event_id: "Ev1" });
  const asMention = event({ ...mention, type: "app_mention", channel_type: undefined }, { event_id: "Ev2" });

  it("that mentions the bot is one, though it comes by two events and again (SL1)", () => {
    const shared = "msg:C0GENERAL1:1780308000.000100:message";
    expect([asMessage.dedupeKeys, asMention.dedupeKeys]).toEqual([
      ["ev:Ev1", shared],
      ["ev:Ev2", shared],
    ]);
    const { dedupeKeys: _, ...message } = asMessage;
    expect(asMention).toMatchObject(message);
    expect(asMessage).not.toHaveProperty("joinsOnly");
    expect(asMention).not.toHaveProperty("joinsOnly");
    expect(event(mention, { event_id: "Ev1" })).toEqual(asMessage);
  });

  it("that mentions somebody is for us where the envelope does not say who our bot is (SL1)", () => {
    const unsaid = event(mention, { authorizations: undefined });
    expect(unsaid).toMatchObject({ kind: "message", text: "@someone hello" });
    expect(unsaid).not.toHaveProperty("joinsOnly");
  });

  it.each([
    ["in a channel", inChannel(), {}, true],
    ["in a thread of a channel", inChannel({ thread_ts: "1780300000.000100" }), {}, true],
    ["in a group conversation", inChannel({ channel: "G0MPIM0001", channel_type: "mpim" }), {}, true],
    ["by an allowed app in a channel", inChannel({ bot_id: "B0SHOP0001", user: undefined }), {}, true],
    ["in a support channel", inChannel({ channel: "C0SUPPORT1" }), {}, undefined],
    ["in a shared channel", inChannel(), { is_ext_shared_channel: true }, undefined],
    ["to the bot", said(), {}, undefined],
  ])("%s joins only: %#", (_name, fields, envelope, joinsOnly) => {
    const message = event(fields, envelope);
    expect(message.kind).toBe("message");
    expect("joinsOnly" in message ? message.joinsOnly : undefined).toBe(joinsOnly);
  });

  it.each([
    [inChannel(), false, "C0GENERAL1:1780308000.000100", "C0GENERAL1"],
    [inChannel({ thread_ts: "1780300000.000100" }), false, "C0GENERAL1:1780300000.000100", "C0GENERAL1"],
    [inChannel({ thread_ts: "1780308000.000100" }), false, "C0GENERAL1:1780308000.000100", "C0GENERAL1"],
    [said(), false, "D0KIM00001", undefined],
    [said({ thread_ts: "1780308000.000100" }), false, "D0KIM00001", undefined],
    [said({ thread_ts: "1780300000.000100" }), false, "D0KIM00001:1780300000.000100", undefined],
    [said(), true, "D0KIM00001:1780308000.000100", undefined],
    [said({ thread_ts: "1780300000.000100" }), true, "D0KIM00001:1780300000.000100", undefined],
    // What a channel is, Slack says; its id does not.
    [said({ channel: "C0LIKEADM1" }), false, "C0LIKEADM1", undefined],
    [said({ channel: "D0LIKEROOM", channel_type: "channel" }), false, "D0LIKEROOM:1780308000.000100", "D0LIKEROOM"],
  ])("stands where it was written: %#", (fields, agentView, thread, place) => {
    const message = event(fields, {}, { agent_view: agentView });
    expect(message).toMatchObject({ kind: "message", thread });
    expect("place" in message ? message.place : undefined).toBe(place);
  });

  it.each([
    ["<@U0DANA0001> look", true],
    ["<!subteam^S0TEAM0001|@billing> look", true],
    ["<!here> look", true],
    [`<@${BOT}> look`, undefined],
    ["dana@example.com, look", undefined],
  ])("mentions somebody else: %j", (text, mentions) => {
    const message = event(inChannel({ text }));
    expect("mentions" in message ? message.mentions : undefined).toBe(mentions);
  });

  it("of another organisation's people is marked", () => {
    expect(event(inChannel({ user_team: "T0ACME0001" }))).toMatchObject({ flags: ["external"], trust: "verified" });
    expect(event(inChannel({ user_team: TEAM }))).not.toHaveProperty("flags");
  });

  it("keeps its files' names for later, and says what can't be had", () => {
    const files = [
      { id: "F1", name: "a.png", mimetype: "image/png", size: 3, mode: "hosted" },
      { id: "F2", file_access: "check_file_info", mode: "file_access" },
      { id: "F3", mode: "tombstone" },
      { id: "F4", name: "b.png", mode: "hidden_by_limit" },
      { id: "F5", title: "Plan", is_external: true, external_url: "https://docs.example/1" },
      { id: "F6", title: "Plan", is_external: true, external_url: "javascript:alert(1)" },
      "not a file",
    ];
    expect(event(said({ subtype: "file_share", text: "See:", files }))).toMatchObject({
      attachments: [{ ref: "F1", name: "a.png", mediaType: "image/png", bytes: 3 }, { ref: "F2" }],
      text: [
        "See:",
        "[file, which Slack does not keep any more]",
        "[file: b.png, which Slack hides because the workspace is full]",
        "[file: Plan] https://docs.example/1",
        "[file: Plan, which is kept outside Slack]",
        "[file, which Slack did not say where to find]",
      ].join("\n"),
    });
  });

  it("is not lost for a field of another shape than ever", () => {
    const odd = said({ files: { F1: {} }, blocks: "none", thread_ts: 17, user_profile: [], attachments: [null, 7] });
    expect(event(odd, { authorizations: "all" })).toMatchObject({ kind: "message", text: "hi" });
  });

  it("has the time of its ts, to the millisecond", () => {
    expect(event(said({ ts: "1780308000.012999" }))).toMatchObject({ sentAt: new Date(1_780_308_000_012) });
  });
});

describe("what is nobody's message", () => {
  const bot = { bot_id: "B0DESKBOT1", app_id: APP };
  it.each([
    ["our post", said({ user: BOT, ...bot }), "own_echo"],
    ["our post, by its user alone", said({ user: BOT }), "own_echo"],
    ["our post, by its app alone", said({ user: "U0OTHER001", bot_profile: { app_id: APP } }), "own_echo"],
    [
      "our post under another name",
      said({ subtype: "bot_message", user: undefined, username: "Kim", ...bot }),
      "own_echo",
    ],
    [
      "our post under another name, by what stands with it",
      said({ subtype: "bot_message", user: undefined, bot_id: "B1", metadata: { event_type: "frontdesk_part" } }),
      "own_echo",
    ],
    ["our file", said({ subtype: "file_share", user: BOT, files: [{ id: "F1" }] }), "own_echo"],
    ["our joining", inChannel({ subtype: "channel_join", user: BOT }), "own_echo"],
    ["another app's post", said({ subtype: "bot_message", user: undefined, bot_id: "B0OTHER001" }), "other_bot"],
    ["another app's post as a user", said({ bot_id: "B0OTHER001", app_id: "A0OTHER001" }), "other_bot"],
    ["Slackbot's", said({ user: "USLACKBOT" }), "system"],
    ["Slack's", said({ user: "USLACK" }), "system"],
    ["who lost their keys", said({ subtype: "ekm_access_denied", user: "UREVOKEDU" }), "system"],
    ["a reply told twice", said({ subtype: "message_replied" }), "message_replied"],
    ...["channel_join", "channel_archive", "group_topic", "pinned_item", "unpinned_item", "reminder_add"].map(told),
    ...["file_comment", "file_mention", "document_mention", "assistant_app_thread"].map(told),
    ["a subtype of tomorrow", said({ subtype: "hologram" }), "unknown_subtype:hologram"],
    ["an unreadable subtype", said({ subtype: "ü".repeat(99) }), "unknown_subtype:unreadable"],
    ["a message of nobody", said({ user: undefined }), "no_author"],
    ["a message without a time", said({ ts: "soon" }), "not_a_message"],
    ["a channel with a colon", said({ channel: "C1:2" }), "not_a_message"],
    ["an event of tomorrow", { type: "hologram_opened" }, "unknown_event:hologram_opened"],
  ])("%s is ignored", (_name, fields, reason) => {
    expect(event(fields)).toMatchObject({ kind: "ignored", reason, dedupeKeys: ["ev:Ev1"] });
  });

  function told(subtype: string): [string, object, string] {
    return [subtype, said({ subtype }), "system"];
  }

  it.each([
    "app_home_opened",
    "member_joined_channel",
    "member_left_channel",
    "channel_archive",
    "channel_shared",
    "channel_unshared",
    "channel_rename",
    "subteam_updated",
    "subteam_members_changed",
    "user_change",
    "tokens_revoked",
    "app_uninstalled",
  ])("%s is for the desk's front", (type) => {
    expect(event({ type })).toMatchObject({ kind: "ignored", reason: "desk_front" });
  });

  it.each([
    ["nothing", "", "not_slack"],
    ["broken JSON", '{"type":', "not_json"],
    ["a broken payload", "payload=%7B", "not_json"],
    ["another form", "a=1", "not_slack"],
    ["a certificate check", "ssl_check=1&token=x", "ssl_check"],
    ["JSON of nobody", '{"hello":1}', "not_slack"],
    ["a rate limit", '{"type":"app_rate_limited"}', "app_rate_limited"],
    ["the URL's check", '{"type":"url_verification","challenge":"c"}', "url_verification"],
    ["a body too long", `{"type":"${"a".repeat(1024 * 1024)}"}`, "too_large"],
  ])("%s is ignored with its reason", (_name, body, reason) => {
    expect(one(utf8(body))).toMatchObject({ kind: "ignored", reason });
  });

  it("does not run out of stack", () => {
    const deep = `{"type":"event_callback","event":{"type":"message","blocks":${'[{"elements":'.repeat(9_000)}`;
    expect(one(utf8(deep + "1" + "}]".repeat(9_000) + "}}"))).toMatchObject({ kind: "ignored" });
    const nested = (inner: string) => `[{"type":"rich_text","elements":${inner}}]`;
    const blocks = JSON.parse(Array.from({ length: 900 }).reduce<string>(nested, "[]")) as unknown;
    expect(event(said({ text: "", blocks }))).toMatchObject({ kind: "message", text: "" });
  });
});

describe("changes", () => {
  const was = { type: "message", user: "U0KIM00001", text: "1", ts: "1780308000.000100" };
  const edited = { user: "U0KIM00001", ts: "1780308005.000000" };
  const change = (message: object, previous: object | undefined, more: object = {}) =>
    event({
      ...inChannel({
        subtype: "message_changed",
        hidden: true,
        user: undefined,
        text: undefined,
        ts: "1780308006.000100",
      }),
      message,
      previous_message: previous,
      ...more,
    });
  const gone = (fields: object) =>
    event({
      ...inChannel({ subtype: "message_deleted", user: undefined, text: undefined, ts: "1780308006.000100" }),
      ...fields,
    });

  it("of a customer's text are edits of it, known again by when they were made (SL3)", () => {
    expect(change({ ...was, text: "2 &amp; 3", edited }, was)).toEqual({
      kind: "edit",
      dedupeKeys: ["ev:Ev1", "msg:C0GENERAL1:1780308000.000100:edit:1780308005.000000"],
      externalId: "1780308006.000100",
      target: "1780308000.000100",
      sentAt: new Date("2026-06-01T10:00:05Z"),
      thread: "C0GENERAL1:1780308000.000100",
      place: "C0GENERAL1",
      from: "U0KIM00001",
      trust: "verified",
      text: "2 & 3",
    });
  });

  it.each([
    ["again", { ...was, text: "3", edited: { ts: "1780308009.000000" } }, { ...was, text: "2", edited }, "edit"],
    ["to the same text", { ...was, edited }, was, "edit"],
    ["when nothing is known of before", { ...was, edited }, undefined, "edit"],
    ["when only a link was unfolded (SL3)", { ...was, attachments: [{ id: 1 }] }, was, "not_an_edit"],
    [
      "when a link of an edited message was",
      { ...was, edited, attachments: [{ id: 1 }] },
      { ...was, edited },
      "not_an_edit",
    ],
    ["when a reply was counted", { ...was, thread_ts: was.ts, reply_count: 1 }, was, "not_an_edit"],
    ["without a word that it was edited", { ...was, text: "2" }, was, "not_an_edit"],
    ["of our own", { ...was, user: BOT, edited }, was, "own_echo"],
    [
      "of our own, told only by the app (SL2)",
      { ...was, user: undefined, bot_id: "B1", app_id: APP, edited },
      was,
      "own_echo",
    ],
    ["of another app's", { ...was, bot_id: "B0OTHER001", edited }, was, "other_bot"],
    ["of an allowed app's", { ...was, bot_id: "B0SHOP0001", edited }, was, "other_bot"],
    ["of Slackbot's", { ...was, user: "USLACKBOT", edited }, was, "system"],
    ["without the message", "none", was, "not_a_message"],
  ])("%s", (_name, message, previous, becomes) => {
    const inbound = change(message as object, previous);
    expect(inbound.kind === "ignored" ? inbound.reason : inbound.kind).toBe(becomes);
  });

  it("that take a message back are told once, whether or not its thread stays", () => {
    const deletion = gone({ deleted_ts: was.ts, previous_message: was });
    expect(deletion).toMatchObject({
      kind: "delete",
      target: was.ts,
      from: "U0KIM00001",
      thread: "C0GENERAL1:1780308000.000100",
    });
    expect(deletion).not.toHaveProperty("text");
    const tombstone = change({ subtype: "tombstone", user: "USLACKBOT", ts: was.ts }, was);
    expect(tombstone.kind).toBe("delete");
    expect(tombstone.dedupeKeys).toEqual(deletion.dedupeKeys);
  });

  it.each([
    ["by who is not named", { deleted_ts: was.ts }, { kind: "delete", from: "unknown" }],
    [
      "in a thread",
      { deleted_ts: was.ts, previous_message: { ...was, thread_ts: "1780300000.000100" } },
      { thread: "C0GENERAL1:1780300000.000100" },
    ],
    ["of our own", { deleted_ts: was.ts, previous_message: { ...was, user: BOT } }, { reason: "own_echo" }],
    ["of another app's", { deleted_ts: was.ts, previous_message: { ...was, bot_id: "B1" } }, { reason: "other_bot" }],
    ["of nothing", { deleted_ts: undefined }, { reason: "not_a_message" }],
  ])("that take a message back, %s", (_name, fields, becomes) => {
    expect(gone(fields)).toMatchObject(becomes);
  });

  it("of a channel's id move it", () => {
    const move = event({
      type: "channel_id_changed",
      old_channel_id: "G1",
      new_channel_id: "C1",
      event_ts: "1780308006.000100",
    });
    expect(move).toMatchObject({ kind: "moved", from: "G1", to: "C1", dedupeKeys: ["ev:Ev1", "moved:G1:C1"] });
    expect(event({ type: "channel_id_changed", old_channel_id: "G1" })).toMatchObject({ kind: "ignored" });
  });
});

describe("interactions", () => {
  const user = { id: "U0KIM00001", name: "kim", team_id: TEAM };
  const press = (action: object, more: object = {}) => ({
    type: "block_actions",
    api_app_id: APP,
    team: { id: TEAM },
    user,
    channel: { id: "D0KIM00001" },
    message: { ts: "1780308001.000100", user: BOT, team: TEAM },
    actions: [{ type: "button", action_ts: "1780308002.000100", ...action }],
    ...more,
  });
  const option = { action_id: "opt:p:7:2", value: "billing", text: { type: "plain_text", text: "Billing :+1:" } };

  it("of a customer choose an option, each press by its own key (SL5)", () => {
    const first = one(form(press(option)));
    expect(first).toMatchObject({ kind: "choice", promptId: "p:7", optionId: "billing", text: "Billing 👍" });
    expect(first.dedupeKeys).toEqual(["act:1780308002.000100:U0KIM00001:opt:p:7:2"]);
    expect(one(form(press(option)))).toEqual(first);
    expect(one(json(press(option))), "over Socket Mode").toEqual(first);
    const second = one(form(press({ ...option, action_ts: "1780308002.050100" })));
    expect(second.dedupeKeys).not.toEqual(first.dedupeKeys);
    const stranger = one(form(press(option, { user: { id: "U0ACMEKIM1", team_id: "T0ACME0001" } })));
    expect(stranger).toMatchObject({ kind: "choice", from: "U0ACMEKIM1", flags: ["external"] });
  });

  it.each([
    [{ channel: { id: "C1" } }, false, "C1:1780308001.000100"],
    [
      { channel: { id: "C1" }, message: { ts: "1780308001.000100", thread_ts: "1780300000.000100" } },
      false,
      "C1:1780300000.000100",
    ],
    [{ message: { ts: "1780308001.000100", thread_ts: "1780308001.000100" } }, false, "D0KIM00001"],
    [{ message: { ts: "1780308001.000100", thread_ts: "1780300000.000100" } }, false, "D0KIM00001:1780300000.000100"],
    [{}, true, "D0KIM00001:1780308001.000100"],
    [
      { channel: undefined, message: undefined, container: { channel_id: "C1", message_ts: "1780308001.000100" } },
      false,
      "C1:1780308001.000100",
    ],
  ])("stand where the message stands: %#", (more, agentView, thread) => {
    expect(one(form(press(option, more)), { agent_view: agentView })).toMatchObject({ kind: "choice", thread });
  });

  it("of a page of a select choose as well", () => {
    const picked = { action_id: "opt:p:s2", selected_option: { value: "berlin", text: { text: "Berlin" } } };
    expect(one(form(press(picked)))).toMatchObject({
      kind: "choice",
      promptId: "p",
      optionId: "berlin",
      text: "Berlin",
    });
  });

  it("may be several at once", () => {
    const actions = [
      { ...option, action_ts: "1780308002.000100" },
      { action_id: "x", action_ts: "1780308002.000200" },
    ];
    expect(read(form(press({}, { actions }))).map(({ kind }) => kind)).toEqual(["choice", "ignored"]);
  });

  const value = (more: object = {}) => JSON.stringify({ c: 12, ...more });
  const more = (of: object) => ({ action_id: "desk:more", selected_option: { value: value(of) } });
  it.each([
    [{ action_id: "desk:claim", value: value() }, { do: "claim" }],
    [{ action_id: "desk:unclaim", value: value() }, { do: "unclaim" }],
    [{ action_id: "desk:take_over", value: value() }, { do: "take_over" }],
    [{ action_id: "desk:hand_back", value: value() }, { do: "hand_back" }],
    [{ action_id: "desk:resolve", value: value() }, { do: "resolve" }],
    [
      { action_id: "desk:send_held", value: value({ ref: "r" }) },
      { do: "send_held", ref: "r" },
    ],
    [
      { action_id: "desk:keep_held", value: value({ ref: "r" }) },
      { do: "keep_held", ref: "r" },
    ],
    [more({ do: "resolve" }), { do: "resolve" }],
    [more({ do: "unclaim" }), { do: "unclaim" }],
  ])("of an operator are commands: %j", (action, command) => {
    const acted = one(form(press(action)));
    expect(acted).toMatchObject({ kind: "action", conversation: 12, command, from: "U0KIM00001", displayName: "kim" });
  });

  it.each([
    ...["desk:next", "desk:start", "desk:on", "desk:off", "desk:refresh", "desk:open:reply"].map((id) => [
      { action_id: id },
      "desk_front",
    ]),
    ...["reply", "transfer", "merge", "start", "off_duty", "release"].map((name) => [more({ do: name }), "desk_front"]),
    [{ action_id: "desk:more" }, "desk_front"],
    [{ action_id: "desk:claim", value: "{}" }, "bad_desk_value"],
    [{ action_id: "desk:claim", value: '{"c":-1}' }, "bad_desk_value"],
    [{ action_id: "desk:send_held", value: value() }, "bad_desk_value"],
    [{ action_id: "approve" }, "unknown_action"],
    [{ action_id: "opt:p:1" }, "bad_choice"],
    [{}, "bad_action"],
  ] as const)("that are no command are ignored: %j", (action, reason) => {
    expect(one(form(press(action as object)))).toMatchObject({ kind: "ignored", reason });
  });

  const dialog = (
    name: string,
    values: object,
    metadata: object = { c: 12, seen: { holder: null, queue: "front" } },
  ) => ({
    type: "view_submission",
    team: { id: TEAM },
    user,
    view: {
      id: "V1",
      hash: "h1",
      callback_id: `desk:${name}`,
      private_metadata: JSON.stringify(metadata),
      state: { values },
    },
  });
  const typed = (block: string, text: string) => ({ [block]: { value: { type: "plain_text_input", value: text } } });
  const chosen = (block: string, id: string) => ({ [block]: { value: { selected_option: { value: id } } } });
  const seen = { holder: null, queue: "front" };

  it.each([
    ["reply", typed("text", "a < b &amp; :wave:"), { do: "reply", text: "a < b &amp; 👋", seen }],
    ["note", typed("text", "VIP"), { do: "note", text: "VIP", seen }],
    ["transfer", chosen("queue", "billing"), { do: "transfer", queue: "billing", seen }],
    ["run", chosen("workflow", "refund"), { do: "run", workflow: "refund", seen }],
    ["merge", typed("into", " #7"), { do: "merge", into: 7 }],
  ])("that hand in the dialog %s are commands, once per view", (name, values, command) => {
    const handed = one(form(dialog(name, values)));
    expect(handed).toMatchObject({ kind: "action", conversation: 12, dedupeKeys: ["view:V1:h1"], from: "U0KIM00001" });
    expect(handed.kind === "action" ? handed.command : null).toEqual(command);
  });

  it.each([
    ["an empty reply", dialog("reply", typed("text", "")), "bad_desk_value"],
    ["a merge into no number", dialog("merge", typed("into", "that one")), "bad_desk_value"],
    ["a reply about no case", dialog("reply", typed("text", "a"), {}), "bad_desk_value"],
    ["the dialog that starts a conversation", dialog("start", {}), "desk_front"],
    ["another's dialog", dialog("survey", {}), "desk_front"],
    ["a dialog that was closed", { ...dialog("reply", {}), type: "view_closed" }, "desk_front"],
    ["a search in a select", { type: "block_suggestion" }, "desk_front"],
    ["a shortcut", { type: "shortcut", callback_id: "desk_start" }, "desk_front"],
    ["an old button", { type: "interactive_message" }, "retired:interactive_message"],
    ["an old dialog", { type: "dialog_submission" }, "retired:dialog_submission"],
    ["a shortcut without its message", { type: "message_action", channel: { id: "C1" } }, "retired:message_action"],
    ["a press of nothing", { type: "block_actions" }, "no_actions"],
    ["an interaction of tomorrow", { type: "hologram" }, "unknown_interaction"],
  ])("%s", (_name, body, reason) => {
    expect(one(form(body))).toMatchObject({ kind: "ignored", reason });
  });

  const message = { type: "message", user: "U0KIM00001", text: "help", ts: "1780300000.000100", team: TEAM };
  const shortcut = (fields: object = {}) => ({
    type: "message_action",
    callback_id: "desk_open_from_message",
    api_app_id: APP,
    team: { id: TEAM },
    user: { id: "U0DANA0001" },
    channel: { id: "C1" },
    message,
    ...fields,
  });

  it("that open a case take the message in, as its author's, and are for the front as well", () => {
    const [item, front] = read(form(shortcut()));
    expect(item).toMatchObject({
      kind: "message",
      from: "U0KIM00001",
      place: "C1",
      thread: "C1:1780300000.000100",
      text: "help",
    });
    expect(item?.dedupeKeys).toEqual(["msg:C1:1780300000.000100:message"]);
    expect(item).not.toHaveProperty("joinsOnly");
    expect(front).toMatchObject({ kind: "ignored", reason: "desk_front" });
  });

  it.each([
    ["another shortcut of ours", { callback_id: "desk_other" }],
    ["a message of our own", { message: { ...message, app_id: APP } }],
    ["a message of another app", { message: { ...message, user: undefined, bot_id: "B0OTHER001" } }],
  ])("take nothing in: %s", (_name, fields) => {
    expect(read(form(shortcut(fields)))).toMatchObject([{ kind: "ignored", reason: "desk_front" }]);
  });

  it.each([
    utf8("command=%2Fdesk&text=on&trigger_id=1.2.a"),
    json({ command: "/desk", text: "on", trigger_id: "1.2.a" }),
  ])("by slash command are for the front: %#", (body) => {
    expect(one(body)).toMatchObject({ kind: "ignored", reason: "desk_front", externalId: "1.2.a" });
  });
});

describe("parse", () => {
  it("is total over any JSON that looks like Slack's", () => {
    const types = fc.constantFrom("event_callback", "block_actions", "view_submission", "message_action", "message");
    const fields = fc.constantFrom(
      "type",
      "event",
      "channel",
      "user",
      "ts",
      "message",
      "actions",
      "view",
      "blocks",
      "text",
    );
    const value = fc.oneof(types, fc.constantFrom("C1", "U1", "1780308000.000100"), fc.jsonValue({ maxDepth: 3 }));
    const inner = fc.dictionary(fields, value);
    const body = fc.dictionary(fields, fc.oneof(value, inner)).map((object) => ({ type: "event_callback", ...object }));
    fc.assert(
      fc.property(body, (object) => {
        expect(read(json(object)).length).toBeGreaterThan(0);
        expect(read(form(object)).length).toBeGreaterThan(0);
      }),
    );
  });

  it("gives a retry the same keys, and another message others", () => {
    const seconds = fc.nat({ max: 2_000_000_000 });
    fc.assert(
      fc.property(seconds, seconds, fc.string(), fc.string(), (at, other, text, again) => {
        fc.pre(at !== other);
        const keys = (s: number, said: string, id: string) =>
          event(inChannel({ ts: `${s}.000100`, text: said }), { event_id: id }).dedupeKeys;
        expect(keys(at, text, "Ev1")).toEqual(keys(at, again, "Ev1"));
        expect(keys(at, text, "Ev2").filter((key) => keys(other, text, "Ev1").includes(key))).toEqual([]);
      }),
    );
  });
});
