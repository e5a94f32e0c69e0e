import { afterAll, beforeAll, expect, test } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { type Db, openDb } from "../../src/store/db.ts";
import { readFile } from "../../src/store/files.ts";
import { exchangePageLink } from "../../src/store/page-links.ts";
import { storeTestFile } from "../support/kept-file.ts";
import { type FreshDatabase, freshDatabase } from "../support/services.ts";
import { run } from "./captured.ts";

let database: FreshDatabase;
let db: Db;
let env: Record<string, string> = {};
beforeAll(async () => {
  database = await freshDatabase();
  db = openDb({ url: database.url, log: createLogger({ level: "silent" }) });
  env = { DATABASE_URL: database.url, PUBLIC_URL: "https://desk.example" };
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const storeFile = (conversation: number, ask: string) =>
  storeTestFile(db, { conversation, ask, name: "Plan 1.png", mediaType: "image/png", bytes: new Uint8Array([1]) });

test("link prints a link that opens the playground, once", async () => {
  const { code, out } = await run(["link"], { env });
  expect([code, out]).toEqual([0, expect.stringMatching(/^https:\/\/desk\.example\/playground\?token=[\w-]{43}\n$/)]);
  const token = new URL(out.trim()).searchParams.get("token") ?? "";
  expect(await exchangePageLink(db, token)).not.toBeNull();
  expect(await exchangePageLink(db, token)).toBeNull();
});

test("with ADMIN_PORT the link leads to that listener", async () => {
  const { out } = await run(["link", "--json"], { env: { ...env, ADMIN_PORT: "3001", ADMIN_HOST: "10.0.0.5" } });
  expect((JSON.parse(out) as { url: string }).url).toMatch(/^http:\/\/10\.0\.0\.5:3001\/playground\?token=/);
});

test("link fails when the playground is off or no database runs", async () => {
  const off = await run(["link"], { env: { ...env, NODE_ENV: "production" } });
  expect([off.code, off.err]).toEqual([1, expect.stringContaining("FRONTDESK_PLAYGROUND=on")]);
  const none = await run(["link"], { env: { FRONTDESK_DATA: "/nonexistent" } });
  expect([none.code, none.err]).toEqual([1, expect.stringContaining("start Frontdesk first")]);
});

test("files links prints valid links, new ones for revoked ones", async () => {
  const [one, two] = [await storeFile(7, "a"), await storeFile(7, "b")];
  expect((await run(["files", "revoke", `https://desk.example/files/${two.token}/Plan%201.png`], { env })).out).toBe(
    "1 link revoked.\n",
  );
  const { code, out } = await run(["files", "links", "7"], { env });
  const urls = [...out.matchAll(/https:\/\/desk\.example\/files\/([\w-]{22})\/Plan%201\.png/g)].map(
    (found) => found[1] ?? "",
  );
  expect([code, urls]).toEqual([0, [one.token, expect.any(String)]]);
  for (const token of urls) expect(await readFile(db, { token })).not.toBeNull();
  expect(await readFile(db, { token: two.token })).toBeNull();
});

test("files revoke ends every link of a conversation, and fails when there is none", async () => {
  const file = await storeFile(8, "c");
  expect(await run(["files", "revoke", "8", "--json"], { env })).toMatchObject({ code: 0, out: '{"revoked":1}\n' });
  expect(await readFile(db, { token: file.token })).toBeNull();
  expect(await run(["files", "revoke", file.token], { env })).toMatchObject({
    code: 1,
    out: "0 links revoked.\n",
  });
  expect(await run(["files", "links", "99"], { env })).toMatchObject({
    code: 1,
    out: expect.stringContaining("no stored files"),
  });
});

test.each([
  ["files"],
  ["files", "links"],
  ["files", "burn", "7"],
  ["files", "links", "x"],
  ["files", "revoke", "x y"],
  ["link", "x"],
])("%s %s %s is wrong usage", async (...argv) => {
  const { code, err } = await run(
    argv.filter((word) => word !== undefined),
    { env },
  );
  expect([code, err]).toEqual([2, expect.stringContaining("frontdesk ")]);
});
