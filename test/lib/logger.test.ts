/** Log lines are bounded and contain no numbers, addresses, passwords or tokens. */
import { describe, expect, test } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { resolveSecrets } from "../../src/lib/secret.ts";
import { cpuMs } from "../support/cpu-time.ts";

interface Fields {
  msg: string;
  message: string;
  thread: string;
  nested: { address: string };
  err: { message: string; stack: string };
}

function written(log: (logger: ReturnType<typeof createLogger>) => void): { line: string; fields: Fields } {
  const lines: string[] = [];
  log(createLogger({ stream: { write: (line) => void lines.push(line) } }));
  expect(lines).toHaveLength(1);
  return { line: lines[0] ?? "", fields: JSON.parse(lines[0] ?? "") as Fields };
}

const loggedText = (text: string): string =>
  written((log) => log.warn({ message: text }, "something was said")).fields.message;

describe("secrets and personal data", () => {
  test.each([
    ["a number", "no route to +15551110042", "no route to [number …42]"],
    ["a number with a channel's prefix", "whatsapp:+4915112345678 left", "whatsapp:[number …78] left"],
    ["a spaced number", "call +49 (0)151 123-45678 now", "call [number …78] now"],
    ["a national number", "call (555) 123-4567 now", "call [number …67] now"],
    ["bare digits", "to 15551110042 failed", "to [number …42] failed"],
    [
      "a duplicate key of pg",
      "Key (channel, value)=(sms, +15551110042) already exists.",
      "Key (channel, value)=(sms, [number …42]) already exists.",
    ],
    ["a database URL", "postgres://frontdesk:hunter2@db:5432/x", "postgres://[secret]@db:5432/x"],
    ["a Redis URL without a user", "rediss://:hunter2@cache:6379", "rediss://[secret]@cache:6379"],
    ["a header", "authorization: Bearer abc.def-123456", "authorization: Bearer [secret]"],
    ["basic credentials", "sent Basic QUMxMjM0OnNlY3JldA==", "sent Basic [secret]"],
    ["a Slack bot token", "xoxb-12-34-abcdEFGH is bad", "[secret] is bad"],
    ["a Slack app token", "xapp-1-A1-99-abcdef is bad", "[secret] is bad"],
    ["a model key", "sk-proj-abcdefghijkl1234 is bad", "[secret] is bad"],
    ["a query", "/x?token=abcdef&page=2", "/x?token=[secret]&page=2"],
    ["a field of JSON", '{"auth_token":"abcdef","page":2}', '{"auth_token":"[secret]","page":2}'],
    ["a JSON web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def", "[secret]"],
  ])("%s", (_, text, shown) => {
    expect(loggedText(text)).toBe(shown);
    expect(written((log) => log.warn({}, text)).fields.msg).toBe(shown);
  });

  test("a mail address becomes the same short hash everywhere, and another address another one", () => {
    const shown = loggedText("mail to dana@example.com and Dana@example.com, not to kim@example.com");
    const hashes = [...shown.matchAll(/\[mail ([0-9a-f]{8})\]/g)].map(([, hash]) => hash);
    expect(shown).not.toContain("@");
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });

  test.each([
    "2026-11-29T01:43:51.123Z",
    "127.0.0.1:5432",
    "550e8400-e29b-41d4-a716-446655440000",
    "Postgres answered 23505 after 1234567 rows",
    "slack ts 1712345678.123456",
    "env:TWILIO_AUTH_TOKEN",
    "the app's tokens were revoked: install it again and set bot_token",
  ])("leaves %s as it is", (text) => {
    expect(loggedText(text)).toBe(text);
  });

  test("a secret named by frontdesk.yaml is never logged, whatever its form", () => {
    const read = resolveSecrets({ auth_token: "env:OURS" }, { env: { OURS: "correct horse battery" } });
    expect(read.ok).toBe(true);
    expect(loggedText("sent with correct horse battery as password")).toBe("sent with [secret] as password");
  });

  test("a field is hidden or shortened by its name", () => {
    const { fields } = written((log) =>
      log.child({ thread: "+15550100|+15551110042" }).warn(
        {
          auth_token: "abc",
          nested: { password: "abc", headers: { a: "b" }, botToken: "abc", address: "U024BE7LH" },
          from: "+15551110042",
          to: 812,
          conversation: 812,
        },
        "something happened",
      ),
    );
    expect(fields).toMatchObject({
      auth_token: "[secret]",
      nested: { password: "[secret]", headers: "[secret]", botToken: "[secret]" },
      from: "[number …42]",
      to: 812,
      conversation: 812,
    });
    expect(fields.nested.address).toMatch(/^\[[0-9a-f]{8}\]$/);
    expect(fields.thread).not.toContain("1110042");
  });
});

describe("errors", () => {
  const errors: [string, Error][] = [
    [
      "of pg",
      Object.assign(new Error("duplicate key value violates unique constraint"), {
        code: "23505",
        detail: "Key (channel, value)=(sms, +15551110042) already exists.",
        where: "JSON data, line 1: my wife has left me",
        constraint: "address_pkey",
      }),
    ],
    [
      "of ioredis",
      Object.assign(new Error("ERR wrong"), {
        command: { name: "set", args: ["+15551110042", "my wife has left me"] },
      }),
    ],
    [
      "of an HTTP client",
      Object.assign(new Error("Request failed"), {
        status: 401,
        config: { headers: { Authorization: "Bearer abcdefgh" }, data: "my wife has left me" },
        request: { path: "/+15551110042" },
      }),
    ],
    ["with a cause", new Error("outer", { cause: new Error("to +15551110042, Bearer abcdefgh") })],
    ["of several", new AggregateError([new Error("connect ECONNREFUSED postgres://a:abcdefgh@h/")], "all failed")],
  ];
  test.each(errors)("%s keep their listed fields and nothing of a customer", (_, error) => {
    const { line, fields } = written((log) => log.error({ err: error }, "something failed"));
    expect(line).not.toMatch(/1110042|wife|abcdefgh/);
    expect(fields.err.message).toBe(error.message);
    expect(fields.err.stack).toMatch(/^ {4}at /);
    if ("code" in error) expect(fields.err).toMatchObject({ code: "23505", constraint: "address_pkey" });
  });
});

describe("length", () => {
  test.each<[string, () => Record<string, unknown>]>([
    ["a long string", () => ({ message: "x".repeat(5_000_000) })],
    ["many digits", () => ({ message: "+1 555 ".repeat(100_000) })],
    ["many ats", () => ({ message: "a@".repeat(100_000) })],
    ["many strings", () => ({ list: Array.from({ length: 10_000 }, () => "x".repeat(1_000)) })],
    ["many keys", () => Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key${n}`, "x".repeat(1_000)]))],
    ["deep nesting", () => ({ deep: nest(10_000) })],
    ["a circle", () => circle()],
    ["a long error", () => ({ err: new Error("x".repeat(1_000_000)) })],
    ["a chain of causes", () => ({ err: chain(200) })],
    ["bytes", () => ({ body: Buffer.alloc(1_000_000) })],
  ])("%s makes one short line, quickly", (_, fields) => {
    const given = fields();
    const spent = cpuMs(() => {
      const { line } = written((log) => log.warn(given, "something happened"));
      expect(line.length).toBeLessThan(16_000);
      expect(line).toMatch(/cut|more|bytes/);
    });
    expect(spent).toBeLessThan(500);
  });

  test("marks how much was cut", () => {
    expect(loggedText("x".repeat(3_000))).toBe(`${"x".repeat(2_000)}… [cut: 3000 characters in all]`);
  });

  test("never leaves a part of a number at the cut", () => {
    expect(loggedText(`${"x".repeat(1_995)} +15551110042 ${"x".repeat(900)}`)).not.toMatch(/\+1|555/);
  });
});

const nest = (depth: number): unknown => {
  let value: unknown = "deepest";
  for (let n = 0; n < depth; n++) value = { value };
  return value;
};

function circle(): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  value["itself"] = value;
  return value;
}

const chain = (length: number): Error => {
  let error = new Error("first");
  for (let n = 0; n < length; n++) error = new Error("x".repeat(1_000), { cause: error });
  return error;
};
