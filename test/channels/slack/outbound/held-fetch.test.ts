import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { failure } from "../../../../channels/slack/outbound/errors.ts";
import { heldFetch, UnsentError } from "../../../../channels/slack/outbound/held-fetch.ts";
import { lapsedFlight } from "../../../support/flight.ts";

const open: (Server | TcpServer)[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

async function listening(server: Server | TcpServer): Promise<string> {
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A counterpart that repeats the body, and counts connections and requests. */
async function echo() {
  const seen = { connections: 0, requests: 0 };
  const server = createServer((request, response) => {
    seen.requests++;
    void text(request).then((body) =>
      response
        .writeHead(201, { "x-method": request.method, "content-type": request.headers["content-type"] ?? "none" })
        .end(body),
    );
  });
  server.on("connection", () => seen.connections++);
  return { seen, url: `http://${await listening(server)}/` };
}

const CALM = new AbortController().signal;
const FORM = { method: "POST", body: new URLSearchParams({ text: "Grüße & so" }), redirect: "error" } as const;
const leaves = () => {};

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}

describe("a held request", () => {
  it("is sent as fetch would send it, and its connection is used again", async () => {
    const { seen, url } = await echo();
    let asked = 0;
    const held = { signal: CALM, leave: () => void asked++ };
    for (let n = 0; n < 3; n++) {
      const answer = await heldFetch(url, FORM, held);
      expect([answer.status, answer.headers.get("x-method")]).toEqual([201, "POST"]);
      expect(answer.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
      expect(await answer.text()).toBe("text=Gr%C3%BC%C3%9Fe+%26+so");
    }
    expect([asked, seen]).toEqual([3, { connections: 1, requests: 3 }]);
  });

  it("carries bytes as they are", async () => {
    const { url } = await echo();
    const body = new Uint8Array(Buffer.from("%PDF-1.7"));
    const answer = await heldFetch(url, { method: "POST", body }, { signal: CALM, leave: leaves });
    expect(await answer.text()).toBe("%PDF-1.7");
  });

  // E1: also on a connection that stands already.
  it("does not leave if its claim has lapsed", async () => {
    const { seen, url } = await echo();
    const lapsed = { signal: CALM, leave: lapsedFlight().leaving };
    expect(await errorOf(heldFetch(url, FORM, lapsed))).toMatchObject({ outcome: "not-sent", code: "lapsed" });
    await heldFetch(url, FORM, { signal: CALM, leave: leaves });
    expect(await errorOf(heldFetch(url, FORM, lapsed))).toMatchObject({ outcome: "not-sent", code: "lapsed" });
    expect(seen.requests).toBe(1);
  });

  it("asks nothing, and sends nothing, before its connection stands: until then the claim may lapse (E1)", async () => {
    const received: Buffer[] = [];
    const silent = createTcpServer((socket) => socket.on("error", () => undefined).on("data", (b) => received.push(b)));
    const address = await listening(silent);
    const stop = new AbortController();
    let asked = 0;
    const held = { signal: stop.signal, leave: () => void asked++ };
    const connected = once(silent, "connection");
    const waiting = errorOf(heldFetch(`https://${address}/`, FORM, held));
    await connected;
    // The TLS handshake has begun, and gets no answer.
    await expect.poll(() => received.length).toBeGreaterThan(0);
    stop.abort(Object.assign(new Error("late"), { code: "timeout" }));
    const error = await waiting;
    expect(error).toBeInstanceOf(UnsentError);
    expect(failure(error)).toMatchObject({ outcome: "not-sent", retry: { afterMs: 1_000 }, code: "timeout" });
    expect(asked).toBe(0);
    expect(Buffer.concat(received).toString("latin1")).not.toContain("POST");
  });

  it("is certainly unsent if the handshake fails, and not if the answer is missing", async () => {
    const address = await listening(createTcpServer((socket) => socket.once("data", () => socket.destroy())));
    const held = { signal: CALM, leave: leaves };
    expect(failure(await errorOf(heldFetch(`https://${address}/`, FORM, held)))).toMatchObject({ outcome: "not-sent" });
    expect(failure(await errorOf(heldFetch(`http://${address}/`, FORM, held)))).toMatchObject({ outcome: "unknown" });
  });

  it("ends with its signal's reason", async () => {
    const server = createServer(() => stop.abort(new Error("late")));
    const stop = new AbortController();
    const url = `http://${await listening(server)}/`;
    const error = await errorOf(heldFetch(url, FORM, { signal: stop.signal, leave: leaves }));
    expect(error).toMatchObject({ message: "late" });
    const before = await errorOf(heldFetch(url, FORM, { signal: stop.signal, leave: leaves }));
    expect(before).toBeInstanceOf(UnsentError);
  });

  it("follows no redirect", async () => {
    const server = createServer((_, response) => response.writeHead(307, { location: "/elsewhere" }).end());
    const url = `http://${await listening(server)}/`;
    expect((await heldFetch(url, FORM, { signal: CALM, leave: leaves })).status).toBe(307);
  });
});
