/** Reads the raw bytes of a request within its limits. */
import type { IncomingMessage } from "node:http";
import type { BodyBudget } from "./body-budget.ts";
import { FIRST_BODY_BYTES, MAX_DISCARDED_BYTES } from "./limits.ts";

/** Failure to read a body: more than `maxBytes`, the budget is spent, or the sender left before the end. */
export type BodyFailure = "too large" | "no room" | "gone";

export interface RequestBody {
  bytes: Uint8Array<ArrayBuffer>;
  /** Returns the memory to the budget. */
  release(): void;
}

/**
 * Reads a body into memory that grows with the received bytes: an announced length takes none, and many small chunks cost
 * no more than a few large ones. The rest of a refused body is discarded.
 */
export function readBody(
  incoming: IncomingMessage,
  o: { maxBytes: number; budget?: BodyBudget },
): Promise<RequestBody | BodyFailure> {
  if (Number(incoming.headers["content-length"] ?? 0) > o.maxBytes) {
    discard(incoming);
    return Promise.resolve("too large");
  }
  const held = growingBuffer(o);
  return new Promise((resolve) => {
    const refuse = (why: BodyFailure): void => {
      incoming.removeAllListeners("data");
      held.release();
      discard(incoming);
      resolve(why);
    };
    incoming.on("data", (chunk: Buffer) => {
      const failure = held.add(chunk);
      if (failure !== null) refuse(failure);
    });
    incoming.on("end", () => resolve({ bytes: held.bytes(), release: () => held.release() }));
    // These also follow the end, when they change nothing.
    for (const over of ["error", "close"]) {
      incoming.on(over, () => {
        if (incoming.complete) return;
        held.release();
        resolve("gone");
      });
    }
  });
}

/** Reads and discards a body up to a limit, so that the sender can read our answer. */
export function discard(incoming: IncomingMessage): void {
  let bytes = 0;
  incoming.on("data", (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > MAX_DISCARDED_BYTES) incoming.destroy();
  });
  incoming.resume();
}

/** A buffer that doubles as it fills; its memory is taken from the budget. */
function growingBuffer({ maxBytes, budget }: { maxBytes: number; budget?: BodyBudget }) {
  let room = Buffer.alloc(0);
  let used = 0;
  return {
    add(chunk: Buffer): "too large" | "no room" | null {
      const needed = used + chunk.byteLength;
      if (needed > maxBytes) return "too large";
      if (needed > room.byteLength) {
        const size = Math.min(maxBytes, Math.max(needed, FIRST_BODY_BYTES, 2 * room.byteLength));
        if (budget?.take(size - room.byteLength) === false) return "no room";
        const larger = Buffer.alloc(size);
        room.copy(larger, 0, 0, used);
        room = larger;
      }
      chunk.copy(room, used);
      used = needed;
      return null;
    },
    bytes: () => new Uint8Array(room.buffer, room.byteOffset, used),
    release() {
      budget?.give(room.byteLength);
      room = Buffer.alloc(0);
      used = 0;
    },
  };
}
