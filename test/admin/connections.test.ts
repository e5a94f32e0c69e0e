/** Silent and invalid connections do not displace others, and each is counted. */
import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { ServerDeps } from "../../src/admin/deps.ts";
import { MAX_CONNECTIONS } from "../../src/admin/limits.ts";
import { createServer } from "../../src/admin/server.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { DOOR, serverDeps } from "./server-deps.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function serve(more: Partial<ServerDeps> = {}) {
  const dropped: string[] = [];
  const refused: (number | null)[] = [];
  const lines: Record<string, unknown>[] = [];
  const server = createServer(
    serverDeps({
      meter: {
        countRefused: (_channel, status) => refused.push(status),
        countPageRefused: () => {},
        countDropped: (why) => dropped.push(why),
      },
      log: createLogger({ stream: { write: (line) => lines.push(JSON.parse(line)) } }),
      ...more,
    }),
  );
  await server.listen(0);
  open.push(() => server.close());
  return { url: server.url, dropped, refused, lines };
}

/** Opens connections that send `words` and then nothing; resolves when the server has accepted them. */
async function strangers(url: string, { count, words = "" }: { count: number; words?: string }): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(Number(new URL(url).port), "127.0.0.1"));
  open.push(async () => sockets.map((socket) => socket.destroy()));
  for (const socket of sockets) socket.on("error", () => {});
  await Promise.all(
    sockets.map(async (socket) => {
      await once(socket, "connect");
      if (words !== "") socket.write(words);
    }),
  );
  return sockets;
}

const webhook = (url: string) => fetch(`${url}/channels/sms`, { method: "POST", headers: SIGNED, body: "x" });
const SIGNED = { "x-signature": "abc=" };
const HALF = "POST /channels/sms HTTP/1.1\r\nhost: x\r\nx-signature: s\r\ncontent-length: 100\r\n\r\nhalf";

test.each([
  ["that say nothing", ""],
  ["whose headers never end", "POST /channels/sms HTTP/1.1\r\nhost: x\r\n"],
  ["whose body never ends", HALF],
])("more connections than the limit, %s, block no webhook", async (_name, words) => {
  const { url, dropped, lines } = await serve();
  const many = MAX_CONNECTIONS + 50;
  const sockets = await strangers(url, { count: many, words });
  expect((await webhook(url)).status).toBe(200);
  // Connections over the limit are closed, so only the rest takes memory.
  await expect.poll(() => sockets.filter(({ closed }) => !closed).length).toBeLessThanOrEqual(MAX_CONNECTIONS);
  expect(new Set(dropped)).toEqual(new Set(["crowded"]));
  expect(dropped.length).toBeGreaterThanOrEqual(50);
  const logged = lines.filter(({ msg }) => msg === "connection dropped");
  expect(logged).toHaveLength(10);
  expect(logged[0]).toMatchObject({ level: 40, why: "crowded" });
});

test("a request being answered keeps its connection, however many follow", async () => {
  const work = new EventEmitter();
  const { url } = await serve({
    webhook: async () => {
      work.emit("begun");
      await once(work, "done");
      return { status: 200, contentType: "text/plain", body: "kept" };
    },
  });
  const begun = once(work, "begun");
  const inFlight = webhook(url);
  await begun;
  await strangers(url, { count: MAX_CONNECTIONS + 50 });
  work.emit("done");
  expect(await (await inFlight).text()).toBe("kept");
});

test.each([
  ["not HTTP", "hello there\r\n\r\n", 400, "malformed"],
  ["two lengths", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n", 400, "malformed"],
  ["headers too large", `GET / HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(20_000)}\r\n\r\n`, 431, "headers"],
])("%s is answered with an error, counted, and logged once", async (_name, words, status, why) => {
  const { url, dropped, lines } = await serve();
  const [socket] = await strangers(url, { count: 1, words });
  const [answer] = (await once(socket!, "data")) as [Buffer];
  const [head, body] = String(answer).split("\r\n\r\n");
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*x-content-type-options: nosniff`));
  expect(body).toMatch(/^[A-Z].*\.\n$/);
  expect(dropped).toEqual([why]);
  expect(lines).toMatchObject([{ msg: "connection dropped", why }]);
});

test("bodies that are too large or incomplete are all counted and logged ten times a minute", async () => {
  const { url, refused, lines } = await serve({ clock: () => new Date("2026-01-01T10:00:00Z") });
  const large = `POST /channels/sms HTTP/1.1\r\nhost: x\r\nx-signature: s\r\ncontent-length: ${DOOR.maxBytes + 1}\r\n\r\n`;
  await strangers(url, { count: 30, words: large });
  await expect.poll(() => refused.filter((status) => status === 413)).toHaveLength(30);
  const halves = await strangers(url, { count: 30, words: HALF });
  await webhook(url);
  for (const socket of halves) socket.destroy();
  await expect.poll(() => refused.filter((status) => status === 400)).toHaveLength(30);
  const linesOf = (text: string) => lines.filter(({ msg }) => msg === text);
  expect(linesOf("webhook body was incomplete")).toHaveLength(10);
  expect(linesOf("webhook refused")).toHaveLength(10);
  expect(linesOf("webhook refused")[0]).toMatchObject({ channel: "sms", status: 413 });
});
