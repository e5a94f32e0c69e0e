/** Parsing of presses, dialogs and shortcuts as choices and commands (SL5); every body gives an item. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { event, inChannel, one, read, utf8 } from "../../../support/slack-read.ts";
import { APP, BOT, form, json, TEAM } from "../../../support/slack-subject.ts";

const value = (more: object = {}) => JSON.stringify({ c: 12, ...more });
const more = (of: object) => ({ action_id: "desk:more", selected_option: { value: value(of) } });
const typed = (block: string, text: string) => ({ [block]: { value: { type: "plain_text_input", value: text } } });
const chosen = (block: string, id: string) => ({ [block]: { value: { selected_option: { value: id } } } });

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

  it("of a customer choose an option, each press with its own key (SL5)", () => {
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
  ])("have the thread of their message: %#", (more, agentView, thread) => {
    expect(one(form(press(option, more)), { agent_view: agentView })).toMatchObject({ kind: "choice", thread });
  });

  it("with a page of a select choose too", () => {
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

  it.each([
    [{ action_id: "desk:claim", value: value() }, { kind: "claim" }],
    [{ action_id: "desk:unclaim", value: value() }, { kind: "unclaim" }],
    [{ action_id: "desk:take_over", value: value() }, { kind: "take_over" }],
    [{ action_id: "desk:hand_back", value: value() }, { kind: "hand_back" }],
    [{ action_id: "desk:resolve", value: value() }, { kind: "resolve" }],
    [
      { action_id: "desk:send_held", value: value({ ref: "r" }) },
      { kind: "send_held", ref: "r" },
    ],
    [
      { action_id: "desk:keep_held", value: value({ ref: "r" }) },
      { kind: "keep_held", ref: "r" },
    ],
    [more({ do: "resolve" }), { kind: "resolve" }],
    [more({ do: "unclaim" }), { kind: "unclaim" }],
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
  ] as [object, string][])("that are not commands are ignored: %j", (action, reason) => {
    expect(one(form(press(action)))).toMatchObject({ kind: "ignored", reason });
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
  const seen = { holder: null, queue: "front" };

  it.each([
    ["reply", typed("text", "a < b &amp; :wave:"), { kind: "reply", text: "a < b &amp; 👋", seen }],
    ["note", typed("text", "VIP"), { kind: "note", text: "VIP", seen }],
    ["transfer", chosen("queue", "billing"), { kind: "transfer", queue: "billing", seen }],
    ["run", chosen("workflow", "refund"), { kind: "run", workflow: "refund", seen }],
    ["merge", typed("into", " #7"), { kind: "merge", into: 7 }],
  ])("that submit the dialog %s are commands, once per view", (name, values, command) => {
    const handed = one(form(dialog(name, values)));
    expect(handed).toMatchObject({ kind: "action", conversation: 12, dedupeKeys: ["view:V1:h1"], from: "U0KIM00001" });
    expect(handed.kind === "action" ? handed.command : null).toEqual(command);
  });

  it.each([
    ["an empty reply", dialog("reply", typed("text", "")), "bad_desk_value"],
    ["a merge into no number", dialog("merge", typed("into", "that one")), "bad_desk_value"],
    ["a reply about no case", dialog("reply", typed("text", "a"), {}), "bad_desk_value"],
    ["the dialog that starts a conversation", dialog("start", {}), "desk_front"],
    ["another app's dialog", dialog("survey", {}), "desk_front"],
    ["a dialog that was closed", { ...dialog("reply", {}), type: "view_closed" }, "desk_front"],
    ["a search in a select", { type: "block_suggestion" }, "desk_front"],
    ["a shortcut", { type: "shortcut", callback_id: "desk_start" }, "desk_front"],
    ["an old button", { type: "interactive_message" }, "retired:interactive_message"],
    ["an old dialog", { type: "dialog_submission" }, "retired:dialog_submission"],
    ["a shortcut without its message", { type: "message_action", channel: { id: "C1" } }, "retired:message_action"],
    ["a press of nothing", { type: "block_actions" }, "no_actions"],
    ["an unknown interaction", { type: "hologram" }, "unknown_interaction"],
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

  it("by message shortcut are for the desk's interactions, and nothing of the message is stored", () => {
    expect(read(form(shortcut()))).toEqual([
      { kind: "ignored", reason: "desk_front", dedupeKeys: [], externalId: "desk_open_from_message", withheld: true },
    ]);
  });

  it.each([
    ["another shortcut of ours", { callback_id: "desk_other" }],
    ["a message of our own", { message: { ...message, app_id: APP } }],
    ["a message of another app", { message: { ...message, user: undefined, bot_id: "B0OTHER001" } }],
  ])("store nothing: %s", (_name, fields) => {
    expect(read(form(shortcut(fields)))).toMatchObject([{ kind: "ignored", reason: "desk_front", withheld: true }]);
  });

  it.each([
    utf8("command=%2Fdesk&text=on&trigger_id=1.2.a"),
    json({ command: "/desk", text: "on", trigger_id: "1.2.a" }),
  ])("by slash command are for the desk's interactions: %#", (body) => {
    expect(one(body)).toMatchObject({ kind: "ignored", reason: "desk_front", externalId: "1.2.a" });
  });
});

const keys = (s: number, said: string, id: string) =>
  event(inChannel({ ts: `${s}.000100`, text: said }), { event_id: id }).dedupeKeys;

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

  it("gives a retry the same keys, and another message other keys", () => {
    const seconds = fc.nat({ max: 2_000_000_000 });
    fc.assert(
      fc.property(seconds, seconds, fc.string(), fc.string(), (at, other, text, again) => {
        fc.pre(at !== other);
        expect(keys(at, text, "Ev1")).toEqual(keys(at, again, "Ev1"));
        expect(keys(at, text, "Ev2").filter((key) => keys(other, text, "Ev1").includes(key))).toEqual([]);
      }),
    );
  });
});
