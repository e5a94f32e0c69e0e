/** The raw bytes of a request, as far as there is room for them. */
import type { IncomingMessage } from "node:http";
import type { BodyBudget } from "./body-budget.ts";
import { FIRST_BODY_BYTES, MAX_DISCARDED_BYTES } from "./limits.ts";

/** Why there are no bytes: more than `maxBytes`, the budget is spent, or the sender went away before the end. */
export type BodyFailure = "too large" | "no room" | "gone";

export interface RequestBody {
  bytes: Uint8Array<ArrayBuffer>;
  /** Gives the memory back to the budget. */
  release(): void;
}

/**
 * Reads a body into memory that grows with what has really come: an announced length takes none, and many small pieces cost
 * no more than few large ones. Of a body that is refused the rest is thrown away.
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
      const trouble = held.add(chunk);
      if (trouble !== null) refuse(trouble);
    });
    incoming.on("end", () => resolve({ bytes: held.bytes(), release: () => held.release() }));
    // Also after the end, when nothing is changed by it any more.
    for (const over of ["error", "close"]) {
      incoming.on(over, () => {
        if (incoming.complete) return;
        held.release();
        resolve("gone");
      });
    }
  });
}

/** Reads on without keeping anything, so that the sender can read our answer, and not without end. */
export function discard(incoming: IncomingMessage): void {
  let bytes = 0;
  incoming.on("data", (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > MAX_DISCARDED_BYTES) incoming.destroy();
  });
  incoming.resume();
}

/** Memory that doubles as it fills, each piece of it taken from the budget. */
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
