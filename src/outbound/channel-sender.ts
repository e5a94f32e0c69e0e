import type { ChannelAdapter, Connection } from "../channel/adapter.ts";
import type { FittedPart } from "../channel/part.ts";
import { threadId } from "../domain/ids.ts";
import type { Sender } from "./sender.ts";

/** Sends parts over a channel's connection; the idempotency key is the outbox row's own id. */
export function channelSender(o: { adapter: ChannelAdapter; config: unknown; connection: Connection }): Sender {
  const { adapter, config, connection } = o;
  return {
    send: (part, signal) => {
      const body = adapter.encode(part.part as FittedPart, config);
      return connection.send(threadId(part.thread), body, { key: keyOf(part.id), signal });
    },
    canReconcile: connection.reconcile !== undefined,
    async reconcile(part) {
      const since = new Date(part.attemptedBefore ?? part.createdAt);
      return connection.reconcile?.(threadId(part.thread), keyOf(part.id), since) ?? "unknown";
    },
  };
}

const keyOf = (outbox: number): string => `fd-${outbox}`;
