import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createServer, type WebServer } from "../../src/admin/server.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { exchangePageLink, makePageLink, PAGE_LINK_LASTS_S, pageVisit } from "../../src/store/page-links.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";
import { serverDeps } from "./server-deps.ts";

let database: FreshDatabase;
let db: Db;
const MINUTE_MS = 60_000;
const servers: WebServer[] = [];
/** Two web processes on one database, and the admin listener of a third. */
let [one, other, admin] = ["", "", ""];
/** A web process without a public name. */
let local = "";
const turnedAway: string[] = [];
const lines: unknown[] = [];
let now = new Date("2026-01-01T10:00:00Z");

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ url: database.url, log: createLogger({ level: "silent" }) });
  [one, other, admin, local] = await Promise.all([serve(), serve(), serve("admin"), serve("everything", null)]);
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await db.close();
  await database.drop();
});
beforeEach(() => {
  turnedAway.length = 0;
  lines.length = 0;
  now = new Date(now.getTime() + 10 * MINUTE_MS);
});

async function serve(
  serves: "everything" | "admin" = "everything",
  publicUrl: string | null = "https://desk.example",
): Promise<string> {
  const deps = serverDeps({
    publicUrl,
    clock: () => now,
    log: createLogger({ stream: { write: (line) => lines.push(JSON.parse(line)) } }),
    meter: {
      countRefused: () => {},
      countPageRefused: (page, why) => turnedAway.push(`${page}: ${why}`),
      countDropped: () => {},
    },
    visits: { begin: (token) => exchangePageLink(db, token), endOf: (secret) => pageVisit(db, secret) },
    playground: {
      db,
      desk: "chat",
      channels: [{ name: "chat", look: "buttons", title: "Chat" }],
      sign: () => ({}),
      manual: () => [],
      queues: () => [],
    },
  });
  const server = createServer(deps, serves);
  await server.listen(0);
  servers.push(server);
  return server.url;
}

interface Asked {
  path?: string;
  method?: string;
  /** Names and values alternately, as they are sent, "Host" included. */
  headers?: readonly string[];
}

interface Answered {
  status: number;
  text: string;
  cookie: string;
}

/** Sends a raw request: fetch can't set the Host header, or send it twice. */
function ask(
  url: string,
  { path = "/playground/api/setup", method = "GET", headers = LOCAL }: Asked,
): Promise<Answered> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: [...headers], setHost: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      const cookie = answer.headers["set-cookie"]?.join("; ") ?? "";
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text, cookie }));
    });
    asked.on("error", reject).end();
  });
}

const LOCAL = ["Host", "localhost:3000"];
const PUBLIC = ["Host", "desk.example", "X-Forwarded-For", "198.51.100.7", "X-Forwarded-Proto", "https"];
const PRIVATE = [
  "/playground",
  "/playground/",
  "/playground/assets/playground.js",
  "/playground/api/setup",
  "/playground/api/view?channel=chat&thread=x",
  "/playground/api/live?channel=chat&thread=x",
  "/playground/api/files/1/x",
  "/metrics",
  "/health/ready",
];

describe("directly from this machine", () => {
  test.each(["localhost", "localhost:3000", "LOCALHOST:3000", "127.0.0.1", "127.8.0.1:3000", "[::1]:3000"])(
    "under %s everything answers",
    async (host) => {
      for (const path of ["/playground", "/playground/api/setup", "/metrics", "/health/ready"]) {
        expect((await ask(local, { path, headers: ["Host", host] })).status, path).toBe(200);
      }
      expect(turnedAway).toEqual([]);
    },
  );

  test.each([
    ["a name that was pointed at this address", "rebound.example:3000"],
    ["our public name", "desk.example"],
    ["a name below localhost", "evil.localhost"],
    ["a name that begins like one of ours", "localhost.evil.example"],
    ["an address as part of a name", "127.0.0.1.nip.io"],
    ["an address of another machine", "203.0.113.9"],
    ["an address as one number", "2130706433"],
  ])("nothing answers under %s", async (_what, host) => {
    for (const path of PRIVATE) expect((await ask(local, { path, headers: ["Host", host] })).status, path).toBe(403);
    expect(new Set(turnedAway)).toEqual(new Set(["playground: host", "metrics: host", "ready: host"]));
  });

  test.each([
    "evil.example@localhost",
    "localhost@evil.example",
    "localhost/#evil.example",
    "localhost\\evil.example",
    "",
  ])("nothing answers under an invalid name: %j", async (host) => {
    for (const path of PRIVATE) expect((await ask(local, { path, headers: ["Host", host] })).status, path).toBe(400);
  });

  test("nothing answers under two names, in either order", async () => {
    const headers = ["Host", "localhost", "Host", "evil.example"];
    expect((await ask(local, { headers })).status).not.toBe(200);
  });
});

describe("through a proxy, which makes strangers look local", () => {
  test.each([
    ["X-Forwarded-For", "198.51.100.7"],
    ["x-forwarded-proto", "https"],
    ["X-Forwarded-Host", "localhost"],
    ["Forwarded", "for=198.51.100.7"],
    ["Via", "1.1 proxy"],
    ["X-Real-IP", "127.0.0.1"],
    ["CF-Connecting-IP", "198.51.100.7"],
    ["True-Client-IP", "198.51.100.7"],
    ["CDN-Loop", "proxy"],
    ["Fly-Client-IP", "198.51.100.7"],
    ["X_Forwarded_For", "198.51.100.7"],
    ["Tailscale-User-Login", "kim@example.com"],
  ])("that sends %s, nothing answers, even under our own names", async (name, value) => {
    for (const path of PRIVATE) {
      expect((await ask(local, { path, headers: ["Host", "127.0.0.1:3000", name, value] })).status, path).toBe(403);
    }
    expect(turnedAway).toContain("playground: proxied");
  });

  test("whose header comes after more headers than Node reads by default, nothing answers", async () => {
    const headers = ["Host", "localhost", ...Array.from({ length: 1_500 }, () => ["a", ""]).flat(), "Via", "1.1 proxy"];
    for (const path of PRIVATE) expect((await ask(local, { path, headers })).status, path).toBe(403);
    const two = ["Host", "localhost", ...Array.from({ length: 1_500 }, () => ["a", ""]).flat(), "Host", "evil.example"];
    expect((await ask(local, { headers: two })).status).not.toBe(200);
  });

  test("without a header, as nginx by default, HTTP/1.0 reveals it", async () => {
    const { connect } = await import("node:net");
    const { port } = new URL(local);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.write(`GET /playground/api/setup HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
      });
      socket.once("data", (data) => resolve(String(data)));
    });
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
  });

  test("without a trace, nothing answers when there is a public name, and the refusal tells", async () => {
    for (const path of PRIVATE) expect((await ask(one, { path })).status, path).toBe(403);
    expect(new Set(turnedAway)).toEqual(new Set(["playground: published", "metrics: published", "ready: published"]));
    expect((await ask(one, { path: "/playground" })).text).toMatch(/PUBLIC_URL is set[^]*frontdesk link/);
    expect((await ask(one, { path: "/metrics" })).text).toContain("set ADMIN_PORT");
    for (const path of ["/playground", "/metrics"]) expect((await ask(admin, { path })).status, path).toBe(200);
  });

  test("a refusal tells what to do, is counted each time and logged once a minute", async () => {
    const [page, , api] = await Promise.all(PRIVATE.map((path) => ask(one, { path, headers: PUBLIC })));
    expect(page?.text).toMatch(/only available on its own machine[^]*frontdesk link/);
    expect(api?.text).toContain("frontdesk link");
    for (let n = 0; n < 20; n++) await ask(one, { headers: PUBLIC });
    expect(turnedAway.filter((why) => why === "playground: proxied")).toHaveLength(27);
    expect(lines.map((line) => (line as { what: string }).what).sort()).toEqual(["metrics", "playground", "ready"]);
    now = new Date(now.getTime() + MINUTE_MS);
    await ask(one, { headers: PUBLIC });
    expect(lines.at(-1)).toMatchObject({ level: 40, what: "playground", why: "proxied", unlogged: 26 });
  });

  test("the public name has no start page", async () => {
    expect((await ask(one, { path: "/", headers: PUBLIC })).status).toBe(404);
    expect((await ask(local, { path: "/" })).status).toBe(302);
  });
});

const follow = (url: string, token: string, headers: readonly string[] = PUBLIC) =>
  ask(url, { path: `/playground?token=${token}`, headers });
const withCookie = (cookie: string, headers: readonly string[] = PUBLIC) => [
  ...headers,
  "Cookie",
  cookie.split(";")[0] ?? "",
];

describe("a link", () => {
  test("opens the page and starts a visit, on every web process, for a day", async () => {
    const { status, text, cookie } = await follow(one, await makePageLink(db));
    expect([status, text.includes("<html")]).toEqual([200, true]);
    expect(cookie).toMatch(
      /^__Host-frontdesk-page=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    for (const url of [one, other]) {
      for (const path of PRIVATE.filter((path) => !/live|files/.test(path) && !path.endsWith("/"))) {
        expect((await ask(url, { path, headers: withCookie(cookie) })).status, path).toBe(200);
      }
    }
  });

  test("without https the cookie is not Secure, and otherwise the same", async () => {
    const { cookie } = await follow(one, await makePageLink(db), ["Host", "10.0.0.5:3000"]);
    expect(cookie).toMatch(/^frontdesk-page=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask(one, { headers: withCookie(cookie, ["Host", "10.0.0.5:3000"]) })).status).toBe(200);
  });

  test("works once: a second browser learns how to get another, the first may reload", async () => {
    const token = await makePageLink(db);
    const [first, second] = [await follow(one, token), await follow(other, token)];
    expect([first.status, second.status, second.cookie]).toEqual([200, 403, ""]);
    expect(second.text).toMatch(/already used[^]*frontdesk link[^]*restart it/);
    expect(turnedAway).toEqual(["playground: link"]);
    const again = await ask(one, { path: `/playground?token=${token}`, headers: withCookie(first.cookie) });
    expect(again.status).toBe(200);
    expect((await follow(one, token, LOCAL)).status).toBe(403);
  });

  test("admits only one of many concurrent browsers", async () => {
    const token = await makePageLink(db);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => follow(n % 2 ? one : other, token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("is not used up by a preview, and opens only the page", async () => {
    const token = await makePageLink(db);
    const path = `/playground?token=${token}`;
    expect((await ask(one, { path, method: "HEAD", headers: PUBLIC })).status).toBe(403);
    expect((await ask(one, { path: `/playground/api/setup?token=${token}`, headers: PUBLIC })).status).toBe(403);
    expect((await ask(one, { path: `/metrics?token=${token}`, headers: PUBLIC })).status).toBe(403);
    expect((await follow(one, token)).status).toBe(200);
  });

  test("expires after an hour, and a visit after a day", async () => {
    const late = await makePageLink(db);
    await db.pool.query("update page_link set expires_at = now() - interval '1 second'");
    expect((await follow(one, late)).status).toBe(403);
    const { cookie } = await follow(one, await makePageLink(db));
    const { rows } = await db.pool.query(
      `select extract(epoch from expires_at - now()) as link, extract(epoch from visit_ends_at - now()) as visit
       from page_link where visit_ends_at > now() order by visit_ends_at desc limit 1`,
    );
    expect(Number(rows[0]?.link)).toBeCloseTo(PAGE_LINK_LASTS_S, -2);
    expect(Number(rows[0]?.visit)).toBeCloseTo(86_400, -2);
    await db.pool.query("update page_link set visit_ends_at = now() - interval '1 second'");
    expect((await ask(one, { headers: withCookie(cookie) })).status).toBe(403);
  });

  test("ends the page's live stream with the visit", async () => {
    const { cookie } = await follow(one, await makePageLink(db));
    await db.pool.query("update page_link set visit_ends_at = now() + interval '1 second' where visit_ends_at > now()");
    const path = "/playground/api/live?channel=chat&thread=x";
    const { status, text } = await ask(one, { path, headers: withCookie(cookie) });
    expect([status, text.includes("event: view")]).toEqual([200, true]);
  });

  test.each(["", "x", "A".repeat(43), "%00".repeat(43), "' or true --"])(
    "that is none of ours opens nothing: %j",
    async (token) => {
      expect((await follow(one, encodeURIComponent(token))).status).toBe(403);
      expect((await ask(one, { headers: withCookie(`frontdesk-page=${token}`) })).status).toBe(403);
    },
  );

  test("stores neither token nor cookie in plain", async () => {
    const token = await makePageLink(db);
    const { cookie } = await follow(one, token);
    const { rows } = await db.pool.query("select token, visit from page_link");
    const stored = JSON.stringify(rows);
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(/=([\w-]{43})/.exec(cookie)?.[1]);
  });
});

describe("the admin listener", () => {
  test("serves health, metrics and the page, and no public path", async () => {
    for (const path of ["/health/live", "/health/ready", "/metrics", "/playground"]) {
      expect((await ask(admin, { path })).status, path).toBe(200);
    }
    for (const [method, path] of [
      ["POST", "/channels/chat"],
      ["GET", "/channels/chat"],
      ["GET", `/files/${"A".repeat(22)}/x`],
    ] as const) {
      expect((await ask(admin, { method, path })).status, path).toBe(404);
    }
  });

  test("refuses the page through a proxy beside it or under a foreign name, like other listeners", async () => {
    for (const headers of [PUBLIC, ["Host", "rebound.example"]]) {
      for (const path of PRIVATE) expect((await ask(admin, { path, headers })).status, path).toBe(403);
    }
  });
});
