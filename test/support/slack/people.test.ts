/** Presses, dialogs, commands and shortcuts of the Slack counterpart, over HTTP. */
import { isValidSlackRequest } from "@slack/bolt";
import type { HomeView, KnownBlock, ModalView } from "@slack/types";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Setting, startSetting } from "./setting.ts";
import { postMessage } from "./web.ts";

let setting: Setting;
let { slack, server, web, dana, support } = {} as Setting;

async function start(): Promise<void> {
  setting = await startSetting();
  ({ slack, server, web, dana, support } = setting);
}

beforeEach(() => start());
afterEach(() => setting[Symbol.asyncDispose]());

const plain = (text: string) => ({ type: "plain_text" as const, text });
const option = (text: string) => ({ text: plain(text), value: text.toLowerCase() });
const button: KnownBlock = {
  type: "actions",
  block_id: "buttons",
  elements: [
    { type: "button", action_id: "go", text: plain("Go on"), value: "1" },
    {
      type: "static_select",
      action_id: "more",
      placeholder: plain("More…"),
      options: [option("Merge"), option("Move")],
    },
  ],
};
const field = (change: object = {}): KnownBlock => ({
  type: "input",
  block_id: "words",
  label: plain("Words"),
  element: { type: "plain_text_input", action_id: "value", multiline: true, max_length: 20 },
  ...change,
});
const select: KnownBlock = {
  type: "input",
  block_id: "queue",
  optional: true,
  label: plain("Queue"),
  element: { type: "static_select", action_id: "value", options: [option("Leads"), option("Front")] },
};
const modal = (change: Partial<ModalView> = {}): ModalView => {
  const about = { callback_id: "reply", title: plain("Reply"), submit: plain("Send"), private_metadata: '{"c":1}' };
  return { type: "modal", ...about, blocks: [field(), select], ...change };
};
const said = () => server.received.at(-1)?.payload as Record<string, never>;
const code = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: { data?: { error: string } }) => error.data?.error,
  );

/** Returns a trigger from a shortcut. */
async function trigger(): Promise<string> {
  await slack.shortcut(dana, "any");
  return String(said()["trigger_id"]);
}
const open = async (view = modal()) => web.views.open({ trigger_id: await trigger(), view });
const answerSubmission = (answer: unknown) =>
  server.answer((one, response) => {
    const body = one.payload["type"] === "view_submission" ? JSON.stringify(answer) : "";
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  });

const post = () => postMessage(web, { channel: support, text: "Choose", blocks: [button] });
const push = async () => web.views.push({ trigger_id: await trigger(), view: modal() });

describe("pressing", () => {
  it("sends a signed form that Bolt's verifier accepts", async () => {
    const { ts } = await post();
    await slack.settled();
    expect(await slack.click(dana, support, ts, "Go on")).toEqual({ status: 200, body: "" });
    const { headers, body } = server.received.at(-1) ?? expect.unreachable();
    const signature = String(headers["x-slack-signature"]);
    const signed = {
      "x-slack-signature": signature,
      "x-slack-request-timestamp": Number(headers["x-slack-request-timestamp"]),
    };
    expect(isValidSlackRequest({ signingSecret: slack.signingSecret, body, headers: signed })).toBe(true);
    expect(said()).toMatchObject({
      type: "block_actions",
      user: { id: dana, team_id: slack.teamId },
      container: { type: "message", message_ts: ts, channel_id: support },
      actions: [{ type: "button", action_id: "go", block_id: "buttons", value: "1" }],
    });
  });

  it("chooses an option, and refuses an unknown one", async () => {
    const { ts } = await post();
    await slack.click(dana, support, ts, "More…", { option: "Move" });
    expect(said()["actions"]).toMatchObject([
      { type: "static_select", action_id: "more", selected_option: { value: "move" } },
    ]);
    await expect(slack.click(dana, support, ts, "Stop")).rejects.toThrow('"Go on","go"');
    await expect(slack.click(dana, support, ts, "more", { option: "Stay" })).rejects.toThrow('"Merge", "Move"');
  });

  it("works in an ephemeral message, and takes five answers by response_url", async () => {
    const { message_ts: ts } = await web.chat.postEphemeral({
      channel: support,
      user: dana,
      text: "?",
      blocks: [button],
    });
    await slack.click(dana, support, String(ts), "go");
    expect(said()).toMatchObject({ container: { is_ephemeral: true } });
    const url = String(said()["response_url"]);
    const respond = () => fetch(url, { method: "POST", body: JSON.stringify({ text: "Thanks" }) });
    const statuses = [];
    for (let n = 0; n < 6; n++) statuses.push((await respond()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    expect(slack.ephemerals(dana).map((one) => one.text)).toEqual(["?", ...Array.from({ length: 5 }, () => "Thanks")]);
  });
});

describe("dialogs", () => {
  it("opens one for a trigger, once and in time", async () => {
    const once = await trigger();
    const view = modal();
    expect((await web.views.open({ trigger_id: once, view })).view?.callback_id).toBe("reply");
    expect(slack.modals(dana)).toMatchObject([{ callback_id: "reply", private_metadata: '{"c":1}' }]);
    expect(await code(web.views.open({ trigger_id: once, view }))).toBe("exchanged_trigger_id");
    expect(await code(web.views.open({ trigger_id: "1.2.3", view }))).toBe("invalid_trigger_id");
    const late = await trigger();
    slack.expireTriggers();
    expect(await code(web.views.open({ trigger_id: late, view }))).toBe("expired_trigger_id");
  });

  it.each<[string, Partial<ModalView>]>([
    ["a long title", { title: plain("x".repeat(25)) }],
    ["long metadata", { private_metadata: "x".repeat(3_001) }],
    ["input without submit", { submit: undefined as never }],
    ["101 blocks", { blocks: Array.from({ length: 101 }, () => ({ type: "divider" })) }],
    ["Markdown", { blocks: [{ type: "markdown", text: "x" }] }],
    ["an unknown argument", { colour: "red" } as never],
  ])("refuses a view with %s", async (_, change) => {
    expect(await code(open(modal(change)))).toBe("invalid_arguments");
    expect(slack.violations).toEqual([expect.stringContaining("views.open")]);
  });

  it("keeps a stack of three, and closes from the top", async () => {
    await open();
    await push();
    await push();
    expect(await code(push())).toBe("push_limit_reached");
    await slack.closeModal(dana);
    expect(slack.modals(dana)).toHaveLength(2);
  });

  it("submits the filled-in values, and closes", async () => {
    await open();
    await slack.submit(dana, { words: "Hello", queue: "Leads" });
    expect(said()).toMatchObject({
      type: "view_submission",
      view: {
        private_metadata: '{"c":1}',
        state: {
          values: {
            words: { value: { type: "plain_text_input", value: "Hello" } },
            queue: { value: { type: "static_select", selected_option: { value: "leads" } } },
          },
        },
      },
    });
    expect(slack.modals(dana)).toEqual([]);
  });

  it("sends a single field only if the view asks for it, with the state of the other fields", async () => {
    const asking = field({ dispatch_action: true });
    await open(modal({ blocks: [asking, select] }));
    await slack.clickModal(dana, "value", { option: "Dan", values: { queue: "Leads" } });
    expect(said()).toMatchObject({ type: "block_actions", actions: [{ type: "plain_text_input", value: "Dan" }] });
    const stand = { words: { value: { value: "Dan" } }, queue: { value: { selected_option: { value: "leads" } } } };
    expect(said()["view"]).toMatchObject({ state: { values: stand } });
    await open();
    await expect(slack.clickModal(dana, "value", { option: "Dan" })).rejects.toThrow("dispatch_action");
  });

  it("does not submit values that Slack's client would refuse", async () => {
    await open();
    await expect(slack.submit(dana, {})).rejects.toThrow("must be filled in");
    await expect(slack.submit(dana, { words: "x".repeat(21) })).rejects.toThrow("20 characters");
    await expect(slack.submit(dana, { words: "x", colour: "red" })).rejects.toThrow('no block "colour"');
    await expect(slack.submit(slack.botUserId, {})).rejects.toThrow("no modal open");
  });

  it("stays open with errors at input blocks", async () => {
    await open();
    answerSubmission({ response_action: "errors", errors: { words: "Kim holds this case now" } });
    await slack.submit(dana, { words: "Hello" });
    expect(slack.modals(dana)).toHaveLength(1);
    expect(slack.violations).toEqual([]);
    answerSubmission({ response_action: "errors", errors: { text: "No" } });
    await slack.submit(dana, { words: "Hello" });
    expect(slack.violations).toEqual([expect.stringContaining('"text"')]);
  });

  it("updates, pushes and clears as answered", async () => {
    await open();
    answerSubmission({ response_action: "update", view: modal({ callback_id: "second" }) });
    await slack.submit(dana, { words: "Hello" });
    answerSubmission({ response_action: "push", view: modal({ callback_id: "third" }) });
    await slack.submit(dana, { words: "Hello" });
    expect(slack.modals(dana).map((view) => view.callback_id)).toEqual(["second", "third"]);
    answerSubmission({ response_action: "clear" });
    await slack.submit(dana, { words: "Hello" });
    expect(slack.modals(dana)).toEqual([]);
  });

  it("updates by id and hash, and refuses an old hash", async () => {
    const { view } = await open();
    const { id, hash } = view as { id: string; hash: string };
    await web.views.update({ view_id: id, hash, view: modal({ callback_id: "new" }) });
    expect(await code(web.views.update({ view_id: id, hash, view: modal() }))).toBe("hash_conflict");
    expect(slack.modals(dana)).toMatchObject([{ id, callback_id: "new" }]);
  });

  it("shows a person's own Home, and presses in it", async () => {
    const view: HomeView = { type: "home", blocks: [button] };
    await web.views.publish({ user_id: dana, view });
    await slack.clickHome(dana, "Go on");
    expect(said()).toMatchObject({
      container: { type: "view", view_id: slack.home(dana)?.id },
      view: { type: "home" },
    });
    const conflict = web.views.publish({ user_id: dana, view, hash: "old" });
    expect(await code(conflict)).toBe("hash_conflict");
  });
});

describe("commands and shortcuts", () => {
  it("sends a command as a form and shows its answer to its author", async () => {
    server.answer((_, response) =>
      response.end(JSON.stringify({ response_type: "ephemeral", text: "You are on duty" })),
    );
    await slack.command(dana, "on", { channel: support });
    expect(said()).toMatchObject({ command: "/desk", text: "on", user_id: dana, channel_id: support });
    expect(slack.ephemerals(dana)).toMatchObject([{ channel: support, text: "You are on duty" }]);
  });

  it("sends shortcuts, global and of a message, for members of the workspace only", async () => {
    const { ts } = await slack.post(dana, support, "Help");
    await slack.shortcut(dana, "desk_open_from_message", { channel: support, ts });
    expect(said()).toMatchObject({
      type: "message_action",
      callback_id: "desk_open_from_message",
      message: { ts, user: dana },
    });
    const guest = slack.addUser({ name: "Gil", external: true }).id;
    await expect(slack.shortcut(guest, "any")).rejects.toThrow("another workspace");
  });
});
