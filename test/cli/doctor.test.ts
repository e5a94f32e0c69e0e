import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../src/cli/doctor/finding.ts";
import type { Environment } from "../../src/config.ts";
import { SCHEMA_BREAKING } from "../../src/store/migrate.ts";
import { startModelCounterpart } from "../support/model-counterpart.ts";
import { type OwnRedis, ownRedis } from "../support/own-redis.ts";
import { emptyDatabase, type FreshDatabase, freshDatabase } from "../support/services.ts";
import { redisOrSkip } from "../support/skips.ts";
import { run } from "./captured.ts";
import { contentFolder, GREETING, SETTINGS } from "./home.ts";

/** A finding as `doctor --json` prints it. */
type FindingJson = Pick<Finding, "what" | "level"> & { says: string; mend: string | null };

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  await waitForDisk(database);
});
afterAll(() => database.drop());

interface DoctorRun {
  code: number;
  findings: FindingJson[];
  /** Findings that are not fine, as "what: message". */
  wrong: string[];
}

async function runDoctor(env: Environment, settings = SETTINGS): Promise<DoctorRun> {
  const home = contentFolder({ "frontdesk.yaml": settings, "workflows/greeting.yaml": GREETING });
  const { code, out } = await run(["doctor", "--json", "--home", home], { env });
  const { findings } = JSON.parse(out) as { findings: FindingJson[] };
  const wrong = findings.filter(({ level }) => level !== "fine").map(({ what, says }) => `${what}: ${says}`);
  return { code, findings, wrong };
}

const wouldRemove = async () =>
  (await runDoctor({ DATABASE_URL: database.url })).findings.find(({ what }) => what === "retention")?.says;

async function sql(statement: string, { url } = database): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Has commits wait for the disk, as in a sound setup; those of the tests' databases do not. */
async function waitForDisk(one: FreshDatabase): Promise<void> {
  await sql(`alter database ${new URL(one.url).pathname.slice(1)} reset synchronous_commit`, one);
}

test("reports no problem in a sound setup", async () => {
  const { code, findings, wrong } = await runDoctor({ DATABASE_URL: database.url });
  expect(wrong).toEqual([]);
  expect(code).toBe(0);
  expect(findings.map(({ what }) => what)).toEqual(
    expect.arrayContaining(["database", "backlog", "content", "secrets"]),
  );
});

test("needs no server: for the embedded database it checks the folder", async () => {
  const { wrong, findings } = await runDoctor({});
  expect(wrong).toEqual([]);
  expect(findings).toContainEqual(expect.objectContaining({ what: "disk", level: "fine" }));
});

test("every finding that is not fine comes with a fix", async () => {
  const env = { DATABASE_URL: "postgres://127.0.0.1:1/none", REDIS_URL: "redis://127.0.0.1:1", HOST: "0.0.0.0" };
  const { code, findings, wrong } = await runDoctor(env);
  expect(code).toBe(1);
  expect(wrong).toEqual([
    expect.stringContaining("database: can't be used"),
    expect.stringContaining("redis: can't be used"),
  ]);
  for (const { level, mend } of findings) expect(mend === null).toBe(level === "fine");
});

test("a faulty environment is a finding too", async () => {
  const { code, wrong } = await runDoctor({ PORT: "x", LOG_LEVEL: "loud" });
  expect(code).toBe(1);
  expect(wrong).toHaveLength(2);
});

test("distinguishes a database without tables from one that is too new", async () => {
  await using empty = await emptyDatabase();
  await waitForDisk(empty);
  expect((await runDoctor({ DATABASE_URL: empty.url })).wrong).toEqual(["database: has no tables yet"]);
  await sql(`update schema_version set breaking = ${SCHEMA_BREAKING + 1}`);
  try {
    const { wrong } = await runDoctor({ DATABASE_URL: database.url });
    expect(wrong).toEqual([expect.stringContaining("was migrated by a newer Frontdesk")]);
  } finally {
    await sql(`update schema_version set breaking = ${SCHEMA_BREAKING}`);
  }
});

test("reports work that waits too long", async () => {
  await sql(
    "insert into event (conversation, kind, payload, at) values (1, 'alarm', '{}', now() - interval '5 minutes')",
  );
  const { code, wrong } = await runDoctor({ DATABASE_URL: database.url });
  await sql("delete from event");
  expect(code).toBe(1);
  expect(wrong).toEqual([expect.stringMatching(/^backlog: events: 1 waiting, the oldest for 30\d s$/)]);
});

// U4
test("reports conversations that nobody would go on with, and cases that nobody claims", async () => {
  await sql(`insert into conversation (channel, thread, contact, state)
    values ('chat', 'a', 1, '{"seq":1,"state":{"v":2,"runs":[{}]}}'), ('chat', 'b', 1, '{"seq":1,"state":{"v":2,"runs":[]}}')`);
  await sql(`insert into "case" (conversation, queue, status, card, opened_at, updated_at)
    select id, 'q', 'new', '{}', now(), now() - interval '2 days' from conversation where thread = 'b'`);
  const { code, wrong } = await runDoctor({ DATABASE_URL: database.url });
  await sql(`truncate conversation, "case"`);
  expect(code).toBe(0);
  expect(wrong).toEqual([
    "backlog: conversations that nobody would go on with: 1",
    "backlog: cases unclaimed for more than a day: 1",
  ]);
});

// P5
test("says what retention would remove, and changes nothing", async () => {
  await sql(`insert into conversation (id, channel, thread, contact, joinable, closed_at)
    values (9001, 'chat', 'old', 1, false, now() - interval '200 days'),
      (9002, 'chat', 'joined', 1, true, now() - interval '200 days')`);
  await sql(`insert into event (conversation, kind, payload, seq)
    values (9001, 'message', '{}', 1), (9002, 'message', '{}', 1)`);
  await sql(`insert into raw_inbound (channel, content_type, body, received_at, outcome)
    values ('chat', 'x', '', now() - interval '91 days', 'stored'), ('chat', 'x', '', now(), 'stored')`);
  const expected =
    "would be removed now, of the oldest: raw forms 1, dedupe keys 0, journals 1, conversations' delivered parts 0, conversations' files 0, closed conversations never";
  expect(await wouldRemove()).toBe(expected);
  expect(await wouldRemove()).toBe(expected);
  await sql("truncate conversation, event, raw_inbound");
});

test("reports use of each channel's daily limit and of the file store, with a warning near the limit", async () => {
  await sql(`insert into channel_day (channel, day, shard, sent)
    select 'chat', (now() at time zone 'utc')::date, n, 4500 from generate_series(0, 1) n`);
  await sql("update file_store set files = 3, bytes = 11::bigint * 1024 * 1024 * 1024");
  const { wrong, findings } = await runDoctor({ DATABASE_URL: database.url });
  await sql("delete from channel_day");
  await sql("update file_store set files = 0, bytes = 0");
  expect(wrong).toEqual(["limits: chat: 9000 of 10000 messages today", "limits: files: 3 stored, 11264 of 10240 MB"]);
  expect(findings.filter(({ what }) => what === "limits").map(({ level }) => level)).toEqual(["warning", "problem"]);
});

const SMS = `channels:
  sms: { adapter: twilio-sms, account_sid: "env:TWILIO_ACCOUNT_SID", auth_token: "env:TWILIO_AUTH_TOKEN", from: "+15550100" }
`;
const TWILIO = { TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`, TWILIO_AUTH_TOKEN: "token" };

test("reports missing secrets, and the webhook URL to set at the platform", async () => {
  const settings = SETTINGS.replace("channels:\n", SMS);
  const { wrong } = await runDoctor({}, settings);
  expect(wrong).toEqual([
    expect.stringContaining("channels: nobody sees the cases of sms"),
    "secrets: channel sms, account_sid: env:TWILIO_ACCOUNT_SID is not set; set it in the environment or in .env, and start again",
    expect.stringContaining("env:TWILIO_AUTH_TOKEN"),
    expect.stringContaining("webhooks: platforms can't reach sms: PUBLIC_URL is not set"),
  ]);
  const set = await runDoctor({ ...TWILIO, PUBLIC_URL: "https://desk.example/" }, settings);
  expect(set.wrong).toEqual([expect.stringContaining("nobody sees the cases of sms")]);
  expect(set.findings.map(({ says }) => says)).toContainEqual(
    expect.stringContaining("https://desk.example/channels/sms"),
  );
  const local = await runDoctor({ ...TWILIO, PUBLIC_URL: "http://192.168.0.4" }, settings);
  expect(local.wrong).toContainEqual(expect.stringContaining("192.168.0.4, which platforms can't reach"));
});

async function exposureLines(env: Environment): Promise<string[]> {
  const { findings } = await runDoctor(env);
  return findings.filter(({ what }) => what === "exposure").map(({ level, says }) => `${level} ${says}`);
}

test("lists what every address serves and who can reach it", async () => {
  expect(await exposureLines({ PUBLIC_URL: "https://desk.example" })).toEqual([
    "fine Playground: http://127.0.0.1:3000/playground: by a link only",
    expect.stringMatching(
      /^fine Webhooks: https:\/\/desk.example\/channels\/<channel>: this machine, and anything a proxy on it/,
    ),
    expect.stringMatching(/^fine Files: https:\/\/desk.example\/files\/.*: .*with a link that has not expired/),
    expect.stringMatching(/^fine Health: https:\/\/desk.example\/health\/live: /),
    expect.stringMatching(/^fine Metrics: .*: browsers that opened the page by its link; set ADMIN_PORT/),
  ]);
  const production = { NODE_ENV: "production" };
  expect(await exposureLines(production)).toContainEqual(expect.stringMatching(/^warning one listener serves/));
  const apart = await exposureLines({ ...production, ADMIN_PORT: "3001" });
  expect(apart.filter((line) => line.startsWith("warning"))).toEqual([]);
  expect(apart.at(-1)).toBe("fine Metrics: http://127.0.0.1:3001/metrics, /health/ready: this machine only");
  const open = await exposureLines({ ...production, ADMIN_PORT: "3001", ADMIN_HOST: "10.0.0.5" });
  expect(open).toContainEqual(expect.stringMatching(/^warning ADMIN_HOST is 10.0.0.5: anyone who reaches it/));
});

test("content with faults is a problem", async () => {
  const { code, wrong } = await runDoctor({}, SETTINGS.replace("default_queue: front-line", "default_queue: nobody"));
  expect(code).toBe(1);
  expect(wrong).toEqual([expect.stringContaining("frontdesk.yaml:4:")]);
});

await redisOrSkip("the doctor on Redis", () => {
  let redis: OwnRedis;
  beforeAll(async () => {
    redis = await ownRedis();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  test("reports its version and its eviction policy", async () => {
    const { wrong, findings } = await runDoctor({ REDIS_URL: redis.url });
    expect(wrong).toEqual([]);
    expect(findings).toContainEqual(expect.objectContaining({ says: "maxmemory-policy noeviction" }));
    await redis.command("CONFIG SET maxmemory-policy allkeys-lru");
    expect((await runDoctor({ REDIS_URL: redis.url })).wrong).toEqual(["redis: maxmemory-policy allkeys-lru"]);
  });
});

test("checks models: their keys, servers, names and prices, without asking them anything", async () => {
  await using server = await startModelCounterpart();
  server.answer({ body: { object: "list", data: [{ id: "m1" }, { id: "llama3:latest" }] } });
  const models = `models:
  large:
    - { model: gpt-4.1, price: { input: 2, output: 8 } }
    - { model: m1, base_url: "${server.url}/v1", api_key: "env:M1_KEY", price: { input: 2, output: 8 } }
  small:
    - { model: llama3, base_url: "${server.url}/v1" }
    - { model: m2, base_url: "${server.url}/v1", price: { input: 2, output: 8 } }
    - { model: m3, base_url: "http://127.0.0.1:1/v1", price: { input: 2, output: 8 } }
`;
  const { wrong, findings } = await runDoctor({ M1_KEY: "key-of-m1" }, `${SETTINGS}${models}`);
  expect(wrong).toEqual([
    "models: large: gpt-4.1 has no key: set OPENAI_API_KEY, or api_key: for this model",
    "models: small: llama3: its price is unknown, so that its calls count as tokens only",
    `models: small: m2: ${server.url}/v1 does not list this model`,
    expect.stringContaining("models: small: m3: http://127.0.0.1:1/v1 can't be asked: The server could not be reached"),
  ]);
  expect(findings).toContainEqual(expect.objectContaining({ says: `large: m1: reachable at ${server.url}/v1` }));
  expect(new Set(server.requests.map(({ path, headers }) => `${path} ${headers.authorization}`))).toEqual(
    new Set(["/v1/models undefined", "/v1/models Bearer key-of-m1"]),
  );
  expect(server.requests).toHaveLength(2);
});

test.each([
  [{ status: 401, body: { error: { message: "Incorrect API key provided: sk-1" } } }, "does not take the key (401)"],
  [{ status: 503, body: {} }, "can't be asked: The server answered 503."],
])("a server of models that answers %j is a problem", async (answer, message) => {
  await using server = await startModelCounterpart();
  server.answer(answer);
  const models = "models: { large: [{ model: m, price: { input: 2, output: 8 } }] }\n";
  const env = { OPENAI_BASE_URL: `${server.url}/v1`, OPENAI_API_KEY: "key-of-m" };
  const { wrong, code } = await runDoctor(env, `${SETTINGS}${models}`);
  expect(wrong).toEqual([`models: large: m: ${server.url}/v1 ${message}`]);
  expect(code).toBe(1);
});

test("a key without models is a warning", async () => {
  const { wrong } = await runDoctor({ OPENAI_API_KEY: "key-of-m" });
  expect(wrong).toEqual(["models: OPENAI_API_KEY is set, but frontdesk.yaml lists no models"]);
});

test("shows what models used today, of their limits", async () => {
  await sql(
    "insert into model_budget (scope, cost_usd, tokens) values ('day:' || (now() at time zone 'utc')::date, 45.004, 1200)",
  );
  const { wrong } = await runDoctor({ DATABASE_URL: database.url }, `${SETTINGS}limits: { tokens_per_day: 1000 }\n`);
  await sql("delete from model_budget");
  expect(wrong.filter((one) => one.includes("models"))).toEqual([
    "limits: models: 45.00 of 50 US dollars today",
    "limits: models: 1200 of 1000 tokens today",
  ]);
});
