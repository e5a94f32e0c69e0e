import type { ChannelAdapter, Connection } from "../channel/adapter.ts";
import type { FittedPart } from "../channel/part.ts";
import { threadId } from "../domain/ids.ts";
import type { Sender } from "./sender.ts";

/** Sends parts over a channel's connection; the idempotency key is the outbox row's own id. */
export function channelSender(o: { adapter: ChannelAdapter; config: unknown; connection: Connection }): Sender {
  const { adapter, config, connection } = o;
  const { reconcile } = connection;
  return {
    send: (part, signal) =>
      connection.send(threadId(part.thread), adapter.encode(part.part as FittedPart, config), {
        key: keyOf(part.id),
        signal,
      }),
    ...(reconcile === undefined
      ? {}
      : {
          reconcile: (part) =>
            reconcile.call(
              connection,
              threadId(part.thread),
              keyOf(part.id),
              new Date(part.attemptedBefore ?? part.createdAt),
            ),
        }),
  };
}

const keyOf = (outbox: number): string => `fd-${outbox}`;
