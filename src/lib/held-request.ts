import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/**
 * Sends a request once its connection stands: after name resolution, connecting and the TLS handshake, or at once on a
 * connection that is used again. `leave` is called right before the first byte leaves (E1); where it throws nothing leaves,
 * and its error is thrown. Node sends nothing of a request, not even its headers, before its end was written; so its creator
 * must not have written any of it.
 */
export function sendHeld(
  request: ClientRequest,
  body: string | Uint8Array | undefined,
  leave: () => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    // An error may follow the response: unhandled, it would end the process.
    request.on("error", reject);
    const send = (): void => {
      try {
        leave();
        request.end(body);
      } catch (error) {
        request.destroy(error as Error);
      }
    };
    request.once("socket", (socket) => {
      if (stands(socket)) send();
      else socket.once(request.protocol === "https:" ? "secureConnect" : "connect", send);
    });
  });
}

/** A socket through a proxy may be connected while its TLS handshake still runs. */
const stands = (socket: Socket & { secureConnecting?: boolean }): boolean =>
  !socket.connecting && socket.secureConnecting !== true;
