/**
 * A proxy between a program and its PostgreSQL that counts round trips on the wire, so that every statement counts, however
 * it is sent. It changes nothing and stores no data.
 */
import { connect, createServer, type Socket } from "node:net";

export interface PostgresTap extends AsyncDisposable {
  /** URL of the same database, through the tap. */
  url: string;
  /** Round trips so far by statement: the name of a prepared one, the text of any other. */
  roundTrips(): ReadonlyMap<string, number>;
}

/** Listens on a free local port; one tap may carry many connections. */
export async function tapPostgres(url: string): Promise<PostgresTap> {
  const server = new URL(url);
  const trips = new Map<string, number>();
  const open = new Set<Socket>();
  const listener = createServer((client) => {
    const upstream = connect({ host: server.hostname, port: Number(server.port || 5432), noDelay: true });
    client.setNoDelay(true);
    const read = frontendReader((statement) => trips.set(statement, (trips.get(statement) ?? 0) + 1));
    client.on("data", read);
    for (const [end, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(end);
      end.pipe(other);
      end.on("error", () => other.destroy());
      end.on("close", () => {
        open.delete(end);
        other.destroy();
      });
    }
  });
  await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
  const tapped = new URL(url);
  tapped.hostname = "127.0.0.1";
  tapped.port = String((listener.address() as { port: number }).port);
  return {
    url: tapped.href,
    roundTrips: () => new Map(trips),
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => listener.close(closed));
    },
  };
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html: the first message has no type. */
const TYPE_BYTES = 1;
const LENGTH_BYTES = 4;

/** Parses a client's messages; a Sync or a simple Query is a round trip, after which the client waits. */
function frontendReader(onRoundTrip: (statement: string) => void): (data: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  let started = false;
  let unnamed = "";
  let current = "";
  const take = (type: string, body: Buffer): void => {
    const [first = "", second = ""] = body.toString("latin1", 0, 4_096).split("\0");
    if (type === "P" && first === "") unnamed = second;
    if (type === "B") current = second === "" ? unnamed : second;
    if (type === "S") onRoundTrip(current);
    if (type === "Q") onRoundTrip(first);
  };
  return (data) => {
    held = held.length === 0 ? data : Buffer.concat([held, data]);
    for (;;) {
      const head = started ? TYPE_BYTES : 0;
      if (held.length < head + LENGTH_BYTES) return;
      const end = head + held.readUInt32BE(head);
      if (held.length < end) return;
      if (started) take(held.toString("latin1", 0, 1), held.subarray(TYPE_BYTES + LENGTH_BYTES, end));
      started = true;
      held = held.subarray(end);
    }
  };
}
