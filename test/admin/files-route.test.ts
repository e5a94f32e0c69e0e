import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer, type WebServer } from "../../src/admin/server.ts";
import { filePath } from "../../src/domain/file-name.ts";
import type { StoredFile } from "../../src/domain/message.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { readFile } from "../../src/store/files.ts";
import { storeTestFile } from "../support/kept-file.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";
import { serverDeps } from "./server-deps.ts";

let database: FreshDatabase;
let db: Db;
let server: WebServer;
let stored: StoredFile;
const asked: string[] = [];
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255, 1, 254]);

const deps = () =>
  serverDeps({
    files: async (token) => {
      asked.push(token);
      return readFile(db, { token });
    },
  });

beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ url: database.url, log: createLogger({ level: "silent" }) });
  server = createServer(deps());
  await server.listen(0);
  const name = `Bild "1" (März)'s.png`;
  stored = await storeTestFile(db, { conversation: 1, ask: "a", name, mediaType: "image/png", bytes: PNG });
});
afterAll(async () => {
  await server.close();
  await db.close();
  await database.drop();
});

const OF_THE_MOMENT = ["date", "connection", "keep-alive"];
const toldBy = ({ headers }: Response) => [...headers].filter(([name]) => !OF_THE_MOMENT.includes(name));
const get = (path: string, init: RequestInit = {}) => fetch(server.url + path, init);

describe("a stored file", () => {
  it("is served unchanged with its media type", async () => {
    const answer = await get(filePath(stored));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("content-length")).toBe(String(PNG.byteLength));
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(PNG);
  });

  it("is a download that a browser never runs", async () => {
    const { headers } = await get(filePath(stored));
    expect(headers.get("content-disposition")).toBe(
      `attachment; filename="Bild _1_ (M_rz)'s.png"; filename*=UTF-8''Bild%20%221%22%20%28M%C3%A4rz%29%27s.png`,
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
    expect(headers.get("cache-control")).toBe("private, max-age=3600");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("set-cookie")).toBeNull();
  });

  it("answers HEAD with the same headers and no bytes", async () => {
    const [head, whole] = [await get(filePath(stored), { method: "HEAD" }), await get(filePath(stored))];
    expect(head.status).toBe(200);
    expect(toldBy(head)).toEqual(toldBy(whole));
    expect((await head.arrayBuffer()).byteLength).toBe(0);
  });

  it("is found by its token alone, also under a changed name", async () => {
    expect((await get(`/files/${stored.token}/other.txt`)).headers.get("content-disposition")).toContain("Bild");
  });

  it("can't be written to", async () => {
    const answer = await get(filePath(stored), { method: "DELETE" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET"]);
  });
});

describe("a file that a browser could run", () => {
  it.each([
    ["text/html", "page.html"],
    ["application/xhtml+xml", "page.xhtml"],
    ["image/svg+xml", "logo.svg"],
    ["application/xml", "a.xml"],
    ["text/xml", "a.xml"],
    ["text/javascript", "a.js"],
    ["application/json", "a.json"],
    ["text/css", "a.css"],
    ["text/x-evil", "a.evil"],
    ["text/plain; charset=utf-7", "a.txt"],
    ["IMAGE/SVG+XML", "a.svg"],
    ["", "a"],
  ])("%s is a download without a type", async (mediaType, name) => {
    const evil = await storeTestFile(db, { conversation: 1, ask: `${mediaType} ${name}`, name, mediaType, bytes: PNG });
    const { headers } = await get(filePath(evil));
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-disposition")).toMatch(/^attachment; /);
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  // Twilio needs the type of an MMS, and PDF is the most common document.
  it.each(["image/jpeg", "video/3gpp", "audio/amr", "application/pdf", "text/plain", "text/vcard", "text/calendar"])(
    "%s keeps its type",
    async (mediaType) => {
      const plain = await storeTestFile(db, { conversation: 1, ask: mediaType, name: "a", mediaType, bytes: PNG });
      expect((await get(filePath(plain))).headers.get("content-type")).toBe(mediaType);
    },
  );
});

describe("an expired link", () => {
  it("is answered like an unknown one", async () => {
    const old = await storeTestFile(db, {
      conversation: 1,
      ask: "over",
      name: "a.png",
      mediaType: "image/png",
      bytes: PNG,
    });
    expect((await get(filePath(old))).status).toBe(200);
    await db.pool.query("update file set link_until = now() where id = $1", [old.id]);
    const [over, never] = [await get(filePath(old)), await get("/files/AAAAAAAAAAAAAAAAAAAAAA/a.png")];
    expect([over.status, await over.text()]).toEqual([404, await never.text()]);
  });
});

describe("an unknown file", () => {
  it.each([
    ["an unknown token", "/files/AAAAAAAAAAAAAAAAAAAAAA/x.png"],
    ["a token that is none", "/files/x/x.png"],
    ["a token with a NUL", "/files/%00/x.png"],
    ["a token that is half escaped", "/files/%E0%A4%A/x.png"],
    ["a token with SQL in it", "/files/'%20or%20true--/x.png"],
  ])("%s is answered with 404 after one look-up", async (_what, path) => {
    asked.length = 0;
    const answer = await get(path);
    expect([answer.status, await answer.text()]).toEqual([
      404,
      "There is no such file, or its link has expired. Ask the sender for a new one.\n",
    ]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(asked).toHaveLength(1);
  });

  it("has no folder listing", async () => {
    for (const path of ["/files", "/files/", `/files/${stored.token}`, "/files/../files/x/y/z"]) {
      expect((await get(path)).status, path).toBe(404);
    }
  });
});

it("a database that does not answer is a temporary error", async () => {
  const own = createServer({
    ...deps(),
    files: () => Promise.reject(Object.assign(new Error("gone"), { code: "ECONNREFUSED" })),
  });
  await own.listen(0);
  const answer = await fetch(`${own.url}/files/${stored.token}/x`);
  await own.close();
  expect([answer.status, answer.headers.get("x-content-type-options")]).toEqual([503, "nosniff"]);
  expect(await answer.text()).toContain("Try again");
});
