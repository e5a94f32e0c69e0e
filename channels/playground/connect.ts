import type { Connection } from "../../src/adapter/adapter.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import { remoteId } from "../../src/domain/ids.ts";
import type { PlaygroundBody } from "./encode.ts";

/**
 * The page reads what was sent from our own store, so a send has no effect of its own: the outbox row that is marked
 * sent is the delivery. A send called off is therefore certainly not sent, and may always be made again.
 */
export function connect(): Promise<Connection<PlaygroundBody>> {
  return Promise.resolve({
    async send(_thread, _body, { key, signal }) {
      if (signal.aborted) {
        throw new SendError("The send was called off before it began", { outcome: "not-sent", retry: { afterMs: 0 } });
      }
      return remoteId(`pg:${key}`);
    },
    // Nothing left us, so nothing can have arrived; the same key sent again gets the same id.
    reconcile: async () => "not-sent",
    close: async () => {},
  });
}
