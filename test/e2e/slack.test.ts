/** Slack from end to end: the product's own processes, Slack's counterpart, customers and operators. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SlackDesk, startSlackDesk } from "../support/slack-desk.ts";

let at: SlackDesk;
beforeAll(async () => {
  at = await startSlackDesk({ roles: ["all", "worker", "worker"], deskSettings: "undo: 1s" });
}, 60_000);
afterAll(async () => at?.[Symbol.asyncDispose]());

const textOf = (message: unknown): string => JSON.stringify(message);

describe("a customer in a Slack DM", () => {
  test("is asked with buttons, which go when one was pressed, and is answered", async () => {
    const { slack, dana } = at;
    const dm = slack.dm(dana);
    await slack.post(dana, dm, "Hello");
    const prompt = await at.soon("a prompt", () => slack.messages(dm).find((one) => textOf(one).includes("What is it about?")));
    const pressed = await slack.click(dana, dm, prompt.ts, "My parcel");
    expect(pressed.status).toBe(200);
    await at.soon("the answer", () => slack.messages(dm).find((one) => one.text.includes("Your parcel comes tomorrow.")));
    const after = slack.messages(dm).find(({ ts }) => ts === prompt.ts);
    expect(textOf(after)).not.toContain('"button"');
    expect(after?.text).toContain("My parcel");
    expect(slack.violations).toEqual([]);
  });
});
