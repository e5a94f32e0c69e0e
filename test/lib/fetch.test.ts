import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { boundedFetch, FetchError, type FetchOptions } from "../../src/lib/fetch.ts";

const open: Server[] = [];

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  open.push(server);
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((settle) => server.close(settle));
  }
});

const get = (url: string, options: Partial<FetchOptions> = {}) =>
  boundedFetch(new URL(url), { timeoutMs: 2_000, maxBytes: 1_000, allowPrivate: true, ...options });

async function fault(
  url: string,
  options: Partial<FetchOptions> = {},
): Promise<Pick<FetchError, "fault" | "mayHaveLeft">> {
  const error = await get(url, options).then(
    ({ status }) => new Error(`It answered ${status}.`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FetchError)) throw error;
  return { fault: error.fault, mayHaveLeft: error.mayHaveLeft };
}

describe("boundedFetch", () => {
  it("sends method, headers and body, and returns any status as an answer", async () => {
    const url = await serve((request, response) => {
      response.writeHead(418);
      response.write(`${request.method} ${request.headers["x-key"] as string} `);
      request.pipe(response);
    });
    const answer = await get(url, { method: "POST", headers: { "x-key": "k" }, body: "hé" });
    expect([answer.status, answer.body.toString()]).toEqual([418, "POST k hé"]);
  });

  it("stops reading an answer that is too large", async () => {
    const url = await serve((_, response) => {
      response.write("x".repeat(900));
      response.end("x".repeat(101));
    });
    expect(await fault(url)).toEqual({ fault: "too_large", mayHaveLeft: true });
    expect((await get(url, { maxBytes: 1_001 })).body).toHaveLength(1_001);
  });

  it("gives up on a server that trickles its answer", async () => {
    const url = await serve((_, response) => {
      const drip = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(drip));
    });
    expect(await fault(url, { timeoutMs: 150 })).toEqual({ fault: "timeout", mayHaveLeft: true });
  });

  it("distinguishes a request that never left from one whose answer was lost", async () => {
    const closing = await serve((request) => request.socket.destroy());
    expect(await fault(closing)).toEqual({ fault: "closed", mayHaveLeft: true });
    const half = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect(await fault(half)).toEqual({ fault: "closed", mayHaveLeft: true });
    const free = createTcpServer();
    await new Promise<void>((settle) => free.listen(0, "127.0.0.1", settle));
    const { port } = free.address() as AddressInfo;
    await new Promise((settle) => free.close(settle));
    expect(await fault(`http://127.0.0.1:${port}`)).toEqual({ fault: "unreachable", mayHaveLeft: false });
    expect(await fault("http://no-such-host.invalid")).toEqual({ fault: "unreachable", mayHaveLeft: false });
  });

  it("can be aborted", async () => {
    const requests = new EventEmitter();
    const arrived = once(requests, "request");
    const url = await serve(() => requests.emit("request"));
    const off = new AbortController();
    const going = fault(url, { signal: off.signal });
    await arrived;
    off.abort();
    expect(await going).toEqual({ fault: "aborted", mayHaveLeft: true });
    expect(await fault(url, { signal: AbortSignal.abort() })).toEqual({ fault: "aborted", mayHaveLeft: false });
  });
});

describe("boundedFetch refuses", () => {
  it.each([
    ["http://127.0.0.1:9", false],
    ["http://127.1:9", false],
    ["http://2130706433:9", false],
    ["http://0x7f000001:9", false],
    ["http://localhost:9", false],
    ["http://[::1]:9", false],
    ["http://[::ffff:127.0.0.1]:9", false],
    ["http://10.0.0.1", false],
    ["http://169.254.169.254/latest/meta-data", true],
    ["http://[::ffff:169.254.169.254]", true],
    ["http://[fd00:ec2::254]", true],
    ["http://0.0.0.0:9", true],
    ["http://224.0.0.1", true],
    ["http://user:secret@example.com", true],
    ["file:///etc/passwd", true],
    ["ftp://example.com", true],
  ])("%s (private addresses allowed: %s)", async (url, allowPrivate) => {
    expect(await fault(url, { allowPrivate })).toEqual({ fault: "forbidden", mayHaveLeft: false });
  });

  it("nothing on our own network when it is allowed, by name too", async () => {
    const url = await serve((_, response) => response.end("in"));
    expect((await get(url.replace("127.0.0.1", "localhost"))).body.toString()).toBe("in");
    expect(await fault(url, { allowPrivate: false })).toMatchObject({ fault: "forbidden" });
  });

  it.each([
    "http://169.254.169.254/latest/meta-data",
    "http://example.com/",
    "//127.0.0.2/",
    "http://[",
    "file:///etc/passwd",
  ])("a redirect to %s", async (location) => {
    const url = await serve((_, response) => response.writeHead(302, { location }).end());
    expect(await fault(url)).toEqual({ fault: "redirected", mayHaveLeft: true });
  });

  it("a redirect loop, but follows a redirect on the same origin", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/there") return response.end("there");
      return response.writeHead(302, { location: request.url === "/here" ? "/there" : "/circle" }).end();
    });
    expect((await get(`${url}/here`)).body.toString()).toBe("there");
    expect(await fault(`${url}/circle`)).toMatchObject({ fault: "redirected" });
  });

  it("no redirected write, but returns the redirect as the answer", async () => {
    const url = await serve((_, response) => response.writeHead(307, { location: "/there" }).end());
    expect((await get(url, { method: "POST", body: "{}" })).status).toBe(307);
  });
});
