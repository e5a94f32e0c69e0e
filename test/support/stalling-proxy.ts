import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy before a server that can be made to stand still, so that connections live and nothing passes. */
export interface StallingProxy extends AsyncDisposable {
  /** The server's URL, through the proxy. */
  url: string;
  stall(): void;
  resume(): void;
}

/** Listens on a free local port; `port` is the server's where its URL names none. */
export async function stallingProxy(url: string, { port }: { port: number }): Promise<StallingProxy> {
  const server = new URL(url);
  const open = new Set<Socket>();
  let stalled = false;
  const listener = createServer((client) => {
    const upstream = connect({ host: server.hostname, port: Number(server.port || port), noDelay: true });
    client.setNoDelay(true);
    for (const [end, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(end);
      end.on("data", (bytes) => void other.write(bytes));
      end.on("error", () => other.destroy());
      end.on("close", () => {
        open.delete(end);
        other.destroy();
      });
      if (stalled) end.pause();
    }
  });
  await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
  const proxied = new URL(url);
  proxied.hostname = "127.0.0.1";
  proxied.port = String((listener.address() as { port: number }).port);
  return {
    url: proxied.href,
    stall() {
      stalled = true;
      for (const socket of open) socket.pause();
    },
    resume() {
      stalled = false;
      for (const socket of open) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => listener.close(closed));
    },
  };
}
