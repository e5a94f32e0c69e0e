import type { Connection } from "../../src/adapter/adapter.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import { remoteId } from "../../src/domain/ids.ts";
import type { PlaygroundBody } from "./encode.ts";

/**
 * Opens a connection whose sends have no effect of their own: the page reads sent rows from our outbox. An aborted send is
 * therefore certainly not sent, and may always be repeated.
 */
export function connect(): Promise<Connection<PlaygroundBody>> {
  return Promise.resolve({
    async send(_thread, _body, { key, signal, leaving }) {
      if (signal.aborted) {
        throw new SendError("The send was aborted before it began", { outcome: "not-sent", retry: { afterMs: 0 } });
      }
      leaving();
      return remoteId(`pg:${key}`);
    },
    // Nothing is really sent, so sending again is harmless: the same key gets the same id.
    reconcile: async () => "not-sent",
    close: async () => {},
  });
}
