import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/admin/app.ts";
import { serverDeps } from "../admin/server-deps.ts";
import { PROGRAM } from "../support/program.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";

// A server set up as the README describes, and its answers to strangers on the internet.

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PUBLIC_NAME = "desk.example";

/** All paths of the program, with their parameters filled in. */
const PATHS = [
  ...new Set(
    createApp(
      serverDeps({
        playground: { db: null as never, channels: [], desk: "", sign: () => ({}), queues: () => [], manual: () => [] },
      }),
      { scope: "everything", closing: new AbortController().signal },
    )
      .routes.map(({ path }) => path)
      .filter((path) => path !== "/*" && path !== "*")
      .map((path) => path.replace("/*", "/x").replace(":channel", "chat").replace(":id", "1").replace(/:\w+/g, "x")),
  ),
  "/playground?token=x",
  "/playground/api/view?channel=chat&thread=x&journal=1&case=1",
  "/playground/api/live?channel=chat&thread=x",
];
/** Public paths: webhooks (a GET is told to POST), files by their link (there is none), health. */
const FOR_ANYBODY: Readonly<Record<string, number>> = {
  "/channels/chat": 405,
  "/channels/chat/x": 405,
  "/files/x/x": 404,
  "/health/live": 200,
};

let database: FreshDatabase;
let home = "";
beforeAll(async () => {
  database = await freshDatabase();
  // The bundled example company.
  home = mkdtempSync(join(tmpdir(), "frontdesk-home-"));
  for (const part of ["frontdesk.yaml", "workflows", "connectors"])
    cpSync(join(ROOT, part), join(home, part), { recursive: true });
});
afterAll(async () => {
  rmSync(home, { recursive: true, force: true });
  await database.drop();
});

interface Program {
  url: string;
  adminUrl: string;
  link: string | null;
  out: string;
  child: ChildProcess;
}

/** Starts the program like `npm start`, with the README's settings; resolves when it prints its address. */
async function start(env: Readonly<Record<string, string>>): Promise<Program> {
  const { PATH = "", HOME = "" } = process.env;
  const set = { PATH, HOME, DATABASE_URL: database.url, PUBLIC_URL: `https://${PUBLIC_NAME}`, PORT: "0", ...env };
  const child = spawn(process.execPath, [...PROGRAM, "start", "--home", home], {
    cwd: ROOT,
    env: { ...set, LOG_LEVEL: "info" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes("Ctrl+C")) resolve();
    });
    child.once("close", () => reject(new Error(err)));
  });
  const adminUrl = /(http:\/\/\S+)\/metrics/.exec(out)?.[1] ?? "";
  // It prints the public name; the process knows its port.
  const url = env["ADMIN_PORT"] === undefined ? adminUrl : `http://127.0.0.1:${env["PORT"]}`;
  return { url, adminUrl, link: /https?:\/\/\S+token=\S+/.exec(out)?.[0] ?? null, out, child };
}

async function stop({ child }: Program): Promise<void> {
  const closed = once(child, "close");
  child.kill("SIGTERM");
  await closed;
}

interface Ask {
  url: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  method?: string;
}

function ask({ url, path, headers, method = "GET" }: Ask): Promise<{ status: number; text: string; cookie: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const clientRequest = request({ hostname, port, path, method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      const cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text, cookie }));
    });
    clientRequest.on("error", reject).end();
  });
}

/** Returns a free port. */
async function freePort(): Promise<string> {
  const { createServer } = await import("node:net");
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return String(port);
}

const outside = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;

describe.each([
  ["in production", { NODE_ENV: "production" }],
  ["in production with the playground", { NODE_ENV: "production", FRONTDESK_PLAYGROUND: "on" }],
  ["in development", {}],
  ["in development, listening everywhere", { HOST: "0.0.0.0" }],
  ["with a listener for admins", { NODE_ENV: "production", FRONTDESK_PLAYGROUND: "on", ADMIN_PORT: "0" }],
])("a server set up as the README describes, %s", (_which, env: Record<string, string>) => {
  let program: Program;
  beforeAll(async () => {
    program = await start(env["ADMIN_PORT"] === undefined ? env : { ...env, PORT: await freePort() });
  }, 120_000);
  afterAll(() => stop(program));

  const strangers = (): [string, string, Record<string, string>][] => [
    [
      "through a proxy that passes the host name on",
      program.url,
      { Host: PUBLIC_NAME, "X-Forwarded-For": "198.51.100.7" },
    ],
    ["through a proxy that names no client", program.url, { Host: PUBLIC_NAME }],
    ["through a proxy that uses our own address", program.url, { "X-Forwarded-For": "198.51.100.7" }],
    ["through a proxy that rewrites the host name and adds no header", program.url, {}],
    ["under a foreign name that resolves to us", program.url, { Host: "rebound.example" }],
    ...(outside === undefined || program.out.includes("this machine, and anything a proxy")
      ? []
      : ([["from another address", `http://${outside}:${new URL(program.url).port}`, {}]] as [
          string,
          string,
          Record<string, string>,
        ][])),
  ];

  test("gives strangers webhooks, files by their link and health, and nothing else", async () => {
    expect(PATHS.length).toBeGreaterThan(15);
    for (const [how, url, headers] of strangers()) {
      for (const path of PATHS) {
        const { status, text, cookie } = await ask({ url, path, headers });
        const about = `${path} ${how}`;
        if (FOR_ANYBODY[path] === undefined) expect([403, 404], about).toContain(status);
        else expect(status, about).toBe(FOR_ANYBODY[path]);
        expect(cookie, about).toBe("");
        expect(text, about).not.toMatch(/<html|Dana|frontdesk_|queues|database/);
      }
      for (const path of ["/playground/api/write", "/playground/api/desk"]) {
        const { status } = await ask({ url, path, headers, method: "POST" });
        expect([403, 404], `${path} ${how}`).toContain(status);
      }
      expect((await ask({ url, path: "/channels/chat", headers, method: "POST" })).status).toBe(401);
    }
  });

  test("answers its admin on the same machine, where no proxy leads", async () => {
    const { adminUrl: url } = program;
    const [numbers, page] = env["ADMIN_PORT"] === undefined ? [403, 403] : [200, 200];
    for (const path of ["/metrics", "/health/ready"]) {
      expect((await ask({ url, path, headers: {} })).status, path).toBe(numbers);
    }
    expect((await ask({ url, path: "/health/live", headers: {} })).status).toBe(200);
    const expected = program.link === null ? 404 : page;
    expect((await ask({ url, path: "/playground", headers: {} })).status).toBe(expected);
  });

  test("admits the holder of the link that start prints, once", async () => {
    if (program.link === null) return expect(program.out).not.toContain("/playground");
    const headers = { Host: PUBLIC_NAME, "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https" };
    const { pathname, search } = new URL(program.link);
    const url = program.adminUrl;
    const { status, cookie } = await ask({ url, path: pathname + search, headers });
    expect([status, cookie]).toEqual([200, expect.stringMatching(/^__Host-frontdesk-page=/)]);
    const setup = await ask({ url, path: "/playground/api/setup", headers: { ...headers, Cookie: cookie } });
    expect(setup.status).toBe(200);
    expect((await ask({ url, path: pathname + search, headers })).status).toBe(403);
  });

  test("prints its addresses, and for whom they are", () => {
    expect(program.out).toContain(`https://${PUBLIC_NAME}/channels/<channel>`);
    const readers = env["ADMIN_PORT"] === undefined ? "browsers that opened the page by its link" : "this machine only";
    expect(program.out).toMatch(new RegExp(`Metrics +http://\\S+/metrics, /health/ready +${readers}`));
  });
});
