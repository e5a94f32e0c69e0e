import type { ChannelAdapter, Connection } from "../channel/adapter.ts";
import type { FittedPart } from "../channel/part.ts";
import { threadId } from "../domain/ids.ts";
import { remoteKey } from "../lib/remote-key.ts";
import type { Sender } from "./sender.ts";

/** Sends parts over a channel's connection; the idempotency key is the outbox row's own id. */
export function channelSender(o: {
  adapter: ChannelAdapter;
  config: unknown;
  connection: Connection;
  installation: string;
}): Sender {
  const { adapter, config, connection, installation } = o;
  return {
    send: (part, signal) => {
      const body = adapter.encode(part.part as FittedPart, config);
      return connection.send(threadId(part.thread), body, { key: remoteKey(installation, part.id), signal });
    },
    canReconcile: connection.reconcile !== undefined,
    async reconcile(part) {
      const since = new Date(part.attemptedBefore ?? part.createdAt);
      return connection.reconcile?.(threadId(part.thread), remoteKey(installation, part.id), since) ?? "unknown";
    },
  };
}
