import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { callerOf, manifestOf } from "./calling.ts";
import { type Answer, counterpart, json } from "./counterpart.ts";

const ENV = { NAME: "dana", WORD: "hunter22", ID: "client 1", SECRET: "s3cret/+value" };
const manifest = (url: string, auth: string, rest = "") =>
  manifestOf(`
id: crm
base_url: ${url}
auth: ${auth}
operations:
  get: { kind: read, request: "GET /accounts/{id}", input: { id: string }, returns: { name: string }${rest} }
  note: { kind: write, request: "POST /notes", input: { text: string }, idempotency: header Idempotency-Key }
`);

const good = json(200, { name: "Dana" });
const input = { id: "1" };

it.each([
  ["with a password", 'basic: { user: "env:NAME", password: "env:WORD" }', "dana:hunter22"],
  ["with a key alone", 'basic: { user: "env:WORD" }', "hunter22:"],
])("basic %s", async (_, auth, login) => {
  await using crm = await counterpart(good);
  const { result } = await callerOf(manifest(crm.url, `{ ${auth} }`), { env: ENV }).call("get", { input });
  expect(result.ok).toBe(true);
  expect(crm.heard[0]?.headers.authorization).toBe(`Basic ${Buffer.from(login).toString("base64")}`);
});

it("basic refuses a name with a colon, and an echoed login is removed", async () => {
  await using crm = await counterpart((response, { headers }) =>
    response.end(JSON.stringify({ name: `${headers.authorization} hunter22` })),
  );
  const of = manifest(crm.url, '{ basic: { user: "env:NAME", password: "env:WORD" } }');
  const { result } = await callerOf(of, { env: ENV }).call("get", { input });
  expect(JSON.stringify(result)).not.toContain("hunter22");
  const colon = await callerOf(of, { env: { ...ENV, NAME: "a:b" } }).call("get", { input });
  expect(colon.result).toMatchObject({ ok: false, error: { message: expect.stringContaining("colon") } });
});

it("hmac signs the time, the method, the path with its query, and the body", async () => {
  await using crm = await counterpart(good);
  const of = manifest(crm.url, '{ hmac: { secret: "env:SECRET", header: X-Sign, timestamp: X-Time } }');
  const caller = callerOf(of, { env: ENV });
  await caller.call("note", { input: { text: "höi" } });
  await caller.call("get", { input: { id: "a b" } });
  const lines = [
    ["POST", "/api/notes", '{"text":"höi"}'],
    ["GET", "/api/accounts/a%20b", ""],
  ];
  for (const [nth, of] of lines.entries()) {
    const { "x-sign": sign, "x-time": time } = crm.heard[nth]?.headers ?? {};
    expect(Math.abs(Number(time) - Date.now() / 1_000)).toBeLessThan(60);
    const digest = createHmac("sha256", ENV.SECRET)
      .update([time, ...of].join("\n"))
      .digest("hex");
    expect(sign).toBe(`sha256=${digest}`);
  }
});

const token = (word: string, seconds?: number): Answer =>
  json(200, { access_token: word, token_type: "Bearer", ...(seconds === undefined ? {} : { expires_in: seconds }) });
const oauth = (url: string, more = "") =>
  `{ oauth2: { token_url: "${url}token", client_id: "env:ID", client_secret: "env:SECRET"${more} } }`;
const bearers = (crm: { heard: { headers: Record<string, unknown> }[] }) =>
  crm.heard.map(({ headers }) => headers["authorization"]);

describe("oauth2", () => {
  it("gets a token with the client's credentials, and uses it until shortly before it expires", async () => {
    await using door = await counterpart(token("t1", 600), token("t2", 600));
    await using crm = await counterpart(good);
    const caller = callerOf(manifest(crm.url, oauth(door.url, ", scope: a b")), { env: ENV });
    expect((await caller.call("get", { input })).result).toEqual({ ok: true, value: { name: "Dana" } });
    caller.nowMs = 539_000;
    await caller.call("note", { input: { text: "x" } });
    caller.nowMs = 541_000;
    await caller.call("get", { input });
    expect(bearers(crm)).toEqual(["Bearer t1", "Bearer t1", "Bearer t2"]);
    expect(door.heard).toHaveLength(2);
    expect(door.heard[0]).toMatchObject({ method: "POST", body: "grant_type=client_credentials&scope=a+b" });
    const login = Buffer.from("client+1:s3cret%2F%2Bvalue").toString("base64");
    expect(door.heard[0]?.headers).toMatchObject({
      authorization: `Basic ${login}`,
      "content-type": "application/x-www-form-urlencoded",
    });
  });

  it("sends the credentials in the body where the manifest says so", async () => {
    await using door = await counterpart(token("t1"));
    await using crm = await counterpart(good);
    await callerOf(manifest(crm.url, oauth(door.url, ", send_in: body")), { env: ENV }).call("get", { input });
    expect(door.heard[0]?.headers).not.toHaveProperty("authorization");
    expect(door.heard[0]?.body).toBe(
      "grant_type=client_credentials&client_id=client+1&client_secret=s3cret%2F%2Bvalue",
    );
  });

  it("gets one token for many calls at once", async () => {
    await using door = await counterpart(token("t1"));
    await using crm = await counterpart(good);
    const caller = callerOf(manifest(crm.url, oauth(door.url)), { env: ENV });
    const calls = await Promise.all(Array.from({ length: 8 }, () => caller.call("get", { input })));
    expect(calls.every(({ result }) => result.ok)).toBe(true);
    expect(door.heard).toHaveLength(1);
  });

  it("gets a new token once when one is refused, also for a write, which was not made", async () => {
    await using door = await counterpart(token("t1"), token("t2"), token("t3"));
    await using crm = await counterpart(json(401, {}), json(201, {}), json(401, {}), json(401, {}));
    const caller = callerOf(manifest(crm.url, oauth(door.url)), { env: ENV });
    const first = await caller.call("note", { input: { text: "x" } });
    expect(first).toMatchObject({ result: { ok: true }, tries: 1 });
    const second = await caller.call("note", { input: { text: "x" } });
    expect(second).toMatchObject({ result: { ok: false, error: { reason: "refused" } }, uncertain: false });
    expect(bearers(crm)).toEqual(["Bearer t1", "Bearer t2", "Bearer t2", "Bearer t3"]);
  });

  it("gets another token for other credentials", async () => {
    await using door = await counterpart(token("t1"), token("t2"));
    await using crm = await counterpart(good);
    const caller = callerOf(manifest(crm.url, oauth(door.url)), { env: ENV });
    await caller.call("get", { input });
    const rotated = callerOf(manifest(crm.url, oauth(door.url)), { env: { ...ENV, SECRET: "other" } });
    await caller.call("get", { input, secrets: rotated.options().secrets });
    expect(bearers(crm)).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it.each<[string, Answer, object]>([
    ["refuses", json(401, { error: "invalid_client" }), { reason: "refused", retryable: false }],
    ["fails", json(503, {}), { reason: "server_error", retryable: true }],
    ["hangs up", (response) => response.destroy(), { reason: "unreachable", retryable: true }],
    ["gives no token", json(200, { token: "x" }), { reason: "bad_answer", retryable: false }],
    [
      "gives a token that is no header",
      json(200, { access_token: "a\nb", token_type: "bearer" }),
      { reason: "bad_answer" },
    ],
    ["sends a page", (response) => response.end("<html>"), { reason: "bad_answer", retryable: false }],
    ["sends too much", (response) => response.end("x".repeat(100_000)), { reason: "unreachable" }],
  ])("calls nothing while the token endpoint %s, and is sure of it", async (_, answer, error) => {
    await using door = await counterpart(answer);
    await using crm = await counterpart(good);
    const call = await callerOf(manifest(crm.url, oauth(door.url)), { env: ENV }).call("note", {
      input: { text: "x" },
    });
    expect(call).toMatchObject({ result: { ok: false, error }, uncertain: false });
    expect(JSON.stringify(call)).not.toContain(ENV.SECRET);
    expect(crm.heard).toEqual([]);
  });

  it("keeps no failed answer", async () => {
    await using door = await counterpart(json(503, {}), token("t1"));
    await using crm = await counterpart(good);
    const caller = callerOf(manifest(crm.url, oauth(door.url)), { env: ENV });
    expect((await caller.call("get", { input })).result.ok).toBe(false);
    expect((await caller.call("get", { input })).result.ok).toBe(true);
  });

  it("removes a token that an answer echoes", async () => {
    await using door = await counterpart(token("tok-en-1"));
    await using crm = await counterpart((response, { headers }) =>
      response.end(JSON.stringify({ name: String(headers.authorization) })),
    );
    const { result } = await callerOf(manifest(crm.url, oauth(door.url)), { env: ENV }).call("get", { input });
    expect(result).toEqual({ ok: true, value: { name: "Bearer [secret]" } });
  });

  it("never asks a metadata address for a token", async () => {
    await using crm = await counterpart(good);
    const call = callerOf(manifest(crm.url, oauth("http://169.254.169.254/")), { env: ENV }).call("get", { input });
    expect((await call).result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("is not allowed"), retryable: false },
    });
    expect(crm.heard).toEqual([]);
  });

  it("does not wait for a token when nobody wants the call any more", async () => {
    await using door = await counterpart(() => undefined);
    await using crm = await counterpart(good);
    const off = new AbortController();
    const call = callerOf(manifest(crm.url, oauth(door.url)), { env: ENV }).call("note", {
      input: { text: "x" },
      signal: off.signal,
    });
    off.abort();
    expect(await call).toMatchObject({ result: { ok: false, error: { reason: "timeout" } }, uncertain: false });
  });
});
