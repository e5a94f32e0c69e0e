/** Parsing of Slack's events (SL1–SL3). */
import { describe, expect, it } from "vitest";
import { event, inChannel, one, toBot, utf8 } from "../../../support/slack-read.ts";
import { APP, BOT, TEAM } from "../../../support/slack-subject.ts";

const nested = (inner: string) => `[{"type":"rich_text","elements":${inner}}]`;

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

describe("a message", () => {
  const mention = inChannel({ text: `<@${BOT}> hello`, client_msg_id: "m-1" });
  const asMessage = event(mention, { event_id: "Ev1" });
  const asMention = event({ ...mention, type: "app_mention", channel_type: undefined }, { event_id: "Ev2" });

  it("that mentions the bot is one message, though it comes as two events and again (SL1)", () => {
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

  it("that mentions somebody is for us if the envelope does not name our bot (SL1)", () => {
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
    ["to the bot", toBot(), {}, undefined],
  ])("%s joins only: %#", (_name, fields, envelope, joinsOnly) => {
    const message = event(fields, envelope);
    expect(message.kind).toBe("message");
    expect("joinsOnly" in message ? message.joinsOnly : undefined).toBe(joinsOnly);
  });

  it.each([
    [inChannel(), false, "C0GENERAL1:1780308000.000100", "C0GENERAL1"],
    [inChannel({ thread_ts: "1780300000.000100" }), false, "C0GENERAL1:1780300000.000100", "C0GENERAL1"],
    [inChannel({ thread_ts: "1780308000.000100" }), false, "C0GENERAL1:1780308000.000100", "C0GENERAL1"],
    [toBot(), false, "D0KIM00001", undefined],
    [toBot({ thread_ts: "1780308000.000100" }), false, "D0KIM00001", undefined],
    [toBot({ thread_ts: "1780300000.000100" }), false, "D0KIM00001:1780300000.000100", undefined],
    [toBot(), true, "D0KIM00001:1780308000.000100", undefined],
    [toBot({ thread_ts: "1780300000.000100" }), true, "D0KIM00001:1780300000.000100", undefined],
    // The channel type decides, not the id.
    [toBot({ channel: "C0LIKEADM1" }), false, "C0LIKEADM1", undefined],
    [toBot({ channel: "D0LIKEROOM", channel_type: "channel" }), false, "D0LIKEROOM:1780308000.000100", "D0LIKEROOM"],
  ])("has the thread and place in which it was written: %#", (fields, agentView, thread, place) => {
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

  it("from another organisation is flagged", () => {
    expect(event(inChannel({ user_team: "T0ACME0001" }))).toMatchObject({ flags: ["external"], trust: "verified" });
    expect(event(inChannel({ user_team: TEAM }))).not.toHaveProperty("flags");
  });

  it("has its files as attachments, and a line for each that can't be fetched", () => {
    const files = [
      { id: "F1", name: "a.png", mimetype: "image/png", size: 3, mode: "hosted" },
      { id: "F2", file_access: "check_file_info", mode: "file_access" },
      { id: "F3", mode: "tombstone" },
      { id: "F4", name: "b.png", mode: "hidden_by_limit" },
      { id: "F5", title: "Plan", is_external: true, external_url: "https://docs.example/1" },
      { id: "F6", title: "Plan", is_external: true, external_url: "javascript:alert(1)" },
      "not a file",
    ];
    expect(event(toBot({ subtype: "file_share", text: "See:", files }))).toMatchObject({
      attachments: [{ ref: "F1", name: "a.png", mediaType: "image/png", bytes: 3 }, { ref: "F2" }],
      text: [
        "See:",
        "[file, which Slack no longer has]",
        "[file: b.png, which Slack hides because the workspace is full]",
        "[file: Plan] https://docs.example/1",
        "[file: Plan, which is kept outside Slack]",
        "[file, for which Slack gave no id]",
      ].join("\n"),
    });
  });

  it("is not lost if a field has an unknown shape", () => {
    const odd = toBot({ files: { F1: {} }, blocks: "none", thread_ts: 17, user_profile: [], attachments: [null, 7] });
    expect(event(odd, { authorizations: "all" })).toMatchObject({ kind: "message", text: "hi" });
  });

  it("has the time of its ts, to the millisecond", () => {
    expect(event(toBot({ ts: "1780308000.012999" }))).toMatchObject({ sentAt: new Date(1_780_308_000_012) });
  });
});

function told(subtype: string): [string, object, string] {
  return [subtype, toBot({ subtype }), "system"];
}

describe("an event that is no message of a person", () => {
  const bot = { bot_id: "B0DESKBOT1", app_id: APP };
  it.each([
    ["our post", toBot({ user: BOT, ...bot }), "own_echo"],
    ["our post, by its user only", toBot({ user: BOT }), "own_echo"],
    ["our post, by its app only", toBot({ user: "U0OTHER001", bot_profile: { app_id: APP } }), "own_echo"],
    [
      "our post under another name",
      toBot({ subtype: "bot_message", user: undefined, username: "Kim", ...bot }),
      "own_echo",
    ],
    [
      "our post under another name, by what stands with it",
      toBot({ subtype: "bot_message", user: undefined, bot_id: "B1", metadata: { event_type: "frontdesk_part" } }),
      "own_echo",
    ],
    ["our file", toBot({ subtype: "file_share", user: BOT, files: [{ id: "F1" }] }), "own_echo"],
    ["our joining", inChannel({ subtype: "channel_join", user: BOT }), "own_echo"],
    ["another app's post", toBot({ subtype: "bot_message", user: undefined, bot_id: "B0OTHER001" }), "other_bot"],
    ["another app's post as a user", toBot({ bot_id: "B0OTHER001", app_id: "A0OTHER001" }), "other_bot"],
    ["a message of Slackbot", toBot({ user: "USLACKBOT" }), "system"],
    ["a message of Slack", toBot({ user: "USLACK" }), "system"],
    [
      "a message of a person whose keys were revoked",
      toBot({ subtype: "ekm_access_denied", user: "UREVOKEDU" }),
      "system",
    ],
    ["a reply reported twice", toBot({ subtype: "message_replied" }), "message_replied"],
    ...["channel_join", "channel_archive", "group_topic", "pinned_item", "unpinned_item", "reminder_add"].map(told),
    ...["file_comment", "file_mention", "document_mention", "assistant_app_thread"].map(told),
    ["an unknown subtype", toBot({ subtype: "hologram" }), "unknown_subtype:hologram"],
    ["an unreadable subtype", toBot({ subtype: "ü".repeat(99) }), "unknown_subtype:unreadable"],
    ["a message without an author", toBot({ user: undefined }), "no_author"],
    ["a message without a time", toBot({ ts: "soon" }), "not_a_message"],
    ["a channel with a colon", toBot({ channel: "C1:2" }), "not_a_message"],
    ["an unknown event", { type: "hologram_opened" }, "unknown_event:hologram_opened"],
  ])("%s is ignored", (_name, fields, reason) => {
    expect(event(fields)).toMatchObject({ kind: "ignored", reason, dedupeKeys: ["ev:Ev1"] });
  });

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
  ])("%s is for the desk's interactions", (type) => {
    expect(event({ type })).toMatchObject({ kind: "ignored", reason: "desk_front" });
  });

  it.each([
    ["nothing", "", "not_slack"],
    ["broken JSON", '{"type":', "not_json"],
    ["a broken payload", "payload=%7B", "not_json"],
    ["another form", "a=1", "not_slack"],
    ["a certificate check", "ssl_check=1&token=x", "ssl_check"],
    ["unknown JSON", '{"hello":1}', "not_slack"],
    ["a rate limit", '{"type":"app_rate_limited"}', "app_rate_limited"],
    ["a URL verification", '{"type":"url_verification","challenge":"c"}', "url_verification"],
    ["a body too long", `{"type":"${"a".repeat(1024 * 1024)}"}`, "too_large"],
  ])("%s is ignored with its reason", (_name, body, reason) => {
    expect(one(utf8(body))).toMatchObject({ kind: "ignored", reason });
  });

  it("does not overflow the stack", () => {
    const deep = `{"type":"event_callback","event":{"type":"message","blocks":${'[{"elements":'.repeat(9_000)}`;
    expect(one(utf8(deep + "1" + "}]".repeat(9_000) + "}}"))).toMatchObject({ kind: "ignored" });
    const blocks = JSON.parse(Array.from({ length: 900 }).reduce<string>(nested, "[]")) as unknown;
    expect(event(toBot({ text: "", blocks }))).toMatchObject({ kind: "message", text: "" });
  });
});

describe("changes", () => {
  const was = { type: "message", user: "U0KIM00001", text: "1", ts: "1780308000.000100" };
  const edited = { user: "U0KIM00001", ts: "1780308005.000000" };

  it("of a customer's text are edits, with the edit's time in their dedupe key (SL3)", () => {
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

  it("tell whether the new text mentions somebody else", () => {
    expect(change({ ...was, text: "<@U0DANA0001> look", edited }, was)).toMatchObject({ kind: "edit", mentions: true });
    expect(change({ ...was, text: "look", edited }, was)).not.toHaveProperty("mentions");
  });

  it.each([
    ["again", { ...was, text: "3", edited: { ts: "1780308009.000000" } }, { ...was, text: "2", edited }, "edit"],
    ["to the same text", { ...was, edited }, was, "edit"],
    ["when the previous message is unknown", { ...was, edited }, undefined, "edit"],
    ["when only a link was unfurled (SL3)", { ...was, attachments: [{ id: 1 }] }, was, "not_an_edit"],
    [
      "when a link of an edited message was",
      { ...was, edited, attachments: [{ id: 1 }] },
      { ...was, edited },
      "not_an_edit",
    ],
    ["when a reply was counted", { ...was, thread_ts: was.ts, reply_count: 1 }, was, "not_an_edit"],
    ["when it is not marked as edited", { ...was, text: "2" }, was, "not_an_edit"],
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

  it("that delete a message give one deletion, whether or not its thread stays", () => {
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
    ["by an unnamed person", { deleted_ts: was.ts }, { kind: "delete", from: "unknown" }],
    [
      "in a thread",
      { deleted_ts: was.ts, previous_message: { ...was, thread_ts: "1780300000.000100" } },
      { thread: "C0GENERAL1:1780300000.000100" },
    ],
    ["of our own", { deleted_ts: was.ts, previous_message: { ...was, user: BOT } }, { reason: "own_echo" }],
    ["of another app's", { deleted_ts: was.ts, previous_message: { ...was, bot_id: "B1" } }, { reason: "other_bot" }],
    ["of nothing", { deleted_ts: undefined }, { reason: "not_a_message" }],
  ])("that delete a message, %s", (_name, fields, becomes) => {
    expect(gone(fields)).toMatchObject(becomes);
  });

  it("of a channel's id give a move", () => {
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
