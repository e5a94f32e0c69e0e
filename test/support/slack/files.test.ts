/** Files of the Slack counterpart in both directions, and its scripted faults. */
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

const say = (o: Record<string, unknown> = {}) => postMessage(web, { channel: support, text: "Hello", ...o });
const get = (url: string, token = slack.botToken) => fetch(url, { headers: { authorization: `Bearer ${token}` } });
const shared = () => (last()["files"] as Record<string, string>[])[0] ?? expect.unreachable();
const last = () => server.events().at(-1) ?? expect.unreachable();
const loginPage = async (response: Response) =>
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("<html>")]);

describe("files", () => {
  const png = { name: "café.png", mediaType: "image/png", bytes: new Uint8Array([137, 80, 78, 71]) };

  it("serves bytes for the token, and a login page with 200 without it", async () => {
    await slack.post(dana, support, "", { files: [png] });
    expect(last()).toMatchObject({ subtype: "file_share" });
    const url = shared()["url_private_download"] ?? "";
    expect(new Uint8Array(await (await get(url)).arrayBuffer())).toEqual(png.bytes);
    await loginPage(await get(url, "xoxb-other"));
    slack.fault("files.download", { error: "login" });
    await loginPage(await get(url));
    slack.setScopes([]);
    await loginPage(await get(url));
  });

  it("has only an id in a channel shared with another workspace", async () => {
    const outside = slack.addChannel({ name: "partner", members: [dana], shared: true }).id;
    await slack.post(dana, outside, "", { files: [png] });
    expect(shared()).toMatchObject({ mode: "file_access", file_access: "check_file_info" });
    expect(shared()).not.toHaveProperty("url_private");
    const { file } = await web.files.info({ file: shared()["id"] ?? "" });
    expect(file).toMatchObject({ name: png.name, mimetype: png.mediaType, size: 4 });
    expect(server.received.at(-1)?.payload["is_ext_shared_channel"]).toBe(true);
  });

  it("accepts a file in two steps and shares it some time later", async () => {
    const root = await slack.post(dana, support, "Send it");
    const answer = await web.filesUploadV2({
      channel_id: support,
      thread_ts: root.ts,
      filename: "a.txt",
      file: Buffer.from("abc"),
    });
    expect(answer.ok).toBe(true);
    await slack.settled();
    expect(last()).toMatchObject({
      subtype: "file_share",
      user: slack.botUserId,
      thread_ts: root.ts,
      files: [{ name: "a.txt", size: 3 }],
    });
    expect(last()).not.toHaveProperty("bot_id");
    expect(slack.violations).toEqual([]);
  });

  it("refuses a wrong length, and a file without bytes", async () => {
    const { upload_url, file_id } = await web.files.getUploadURLExternal({ filename: "a.txt", length: 3 });
    expect((await fetch(upload_url ?? "", { method: "POST", body: "ab" })).status).toBe(400);
    expect(slack.violations).toEqual([expect.stringContaining("2 bytes")]);
    const complete = web.files.completeUploadExternal({ files: [{ id: file_id ?? "" }], channel_id: support });
    await expect(complete).rejects.toThrow("file_not_found");
  });
});

describe("faults", () => {
  it("gives the scripted answer the scripted number of times", async () => {
    slack.fault("chat.postMessage", { error: "internal_error", times: 2 });
    slack.fault("chat.postMessage", { status: 503 });
    await expect(say()).rejects.toThrow("internal_error");
    await expect(say()).rejects.toThrow("internal_error");
    await expect(say()).rejects.toThrow("503");
    await say();
    expect(slack.messages(support)).toHaveLength(1);
    expect(slack.calls.map((call) => call.method)).toEqual(Array.from({ length: 4 }, () => "chat.postMessage"));
  });

  it("closes the socket before, or after, the post took effect", async () => {
    slack.fault("*", { drop: "before" });
    await expect(say()).rejects.toThrow();
    expect(slack.messages(support)).toHaveLength(0);
    slack.fault("*", { drop: "after" });
    await expect(say()).rejects.toThrow();
    expect(slack.messages(support)).toHaveLength(1);
  });

  it("fails even though the post took effect", async () => {
    slack.fault("chat.postMessage", { error: "fatal_error", takesEffect: true });
    await expect(say()).rejects.toThrow("fatal_error");
    expect(slack.messages(support)).toHaveLength(1);
  });

  it("refuses connections while it is down", async () => {
    slack.down(true);
    const error = await say().catch((one: { original?: { cause?: unknown } }) => one);
    expect(JSON.stringify(error, ["message", "original", "cause", "code"])).toContain("ECONNREFUSED");
    slack.down(false);
    await say();
  });
});
