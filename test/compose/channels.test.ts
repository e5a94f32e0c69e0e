import { expect, test } from "vitest";
import { adapters as registry } from "../../channels/index.ts";
import { compileOptions, loadAdapters, readChannels } from "../../src/compose/channels.ts";
import type { ChannelSettings } from "../../src/content/settings.ts";

const adapters = await loadAdapters(registry);

const channel = (name: string, adapter: string, entry: Record<string, unknown>): Record<string, ChannelSettings> => ({
  [name]: { name, adapter, entry, position: { line: 1, column: 1 } },
});
const SMS = channel("sms", "twilio-sms", { account_sid: "env:SID", auth_token: "env:TOKEN", from: "15550100" });

test("all faults of all channels are reported at once, with the missing variables", () => {
  const settings = { ...SMS, ...channel("chat", "playgruond", {}) };
  expect(() => readChannels(settings, { adapters, env: { TOKEN: "x" } })).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /channels\.sms\.account_sid: env:SID is not set[^]*channels\.sms: from must be a number[^]*“playgruond”/,
      ),
    }),
  );
});

test("an adapter gets its entry with the secrets resolved", () => {
  const settings = channel("chat", "playground", { secret: "env:SECRET" });
  const open = readChannels(settings, { adapters, env: { SECRET: "sixteen characters" } });
  expect(open.get("chat")?.config).toEqual({ secret: "sixteen characters", look: "buttons" });
});

test("a channel's capabilities are known without its secrets, also with an incomplete entry", () => {
  const can = compileOptions(adapters).capabilities({
    name: "chat",
    adapter: "playground",
    entry: { secret: "env:S" },
  });
  expect(can?.options.support).toBe("native");
});

test("faults of an entry apart from its secrets are reported without them", () => {
  const { capabilities } = compileOptions(adapters);
  const entry = SMS.sms?.entry ?? {};
  expect(() => capabilities({ name: "sms", adapter: "twilio-sms", entry })).toThrow("from must be a number");
  expect(capabilities({ name: "x", adapter: "nothing", entry })).toBeNull();
});
