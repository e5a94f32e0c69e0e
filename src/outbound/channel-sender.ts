import type { ChannelAdapter, Connection } from "../channel/adapter.ts";
import type { FittedPart } from "../channel/part.ts";
import { SendError } from "../channel/send-error.ts";
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
    async send(part, signal) {
      const body = encoded(adapter, { part: part.part as FittedPart, config });
      return connection.send(threadId(part.thread), body, { key: remoteKey(installation, part.id), signal });
    },
    canReconcile: connection.reconcile !== undefined,
    async reconcile(part, signal) {
      const since = new Date(part.attemptedBefore ?? part.createdAt);
      const key = remoteKey(installation, part.id);
      return connection.reconcile?.(threadId(part.thread), key, { since, signal }) ?? "unknown";
    },
  };
}

/** Nothing has left yet: a part that can't be encoded certainly was not sent, and never can be. */
function encoded(adapter: ChannelAdapter, { part, config }: { part: FittedPart; config: unknown }): unknown {
  try {
    return adapter.encode(part, config);
  } catch (cause) {
    const says = cause instanceof Error ? cause.message : String(cause);
    const facts = { outcome: "not-sent", retry: "never", cause } as const;
    throw new SendError(`The adapter “${adapter.name}” can't encode this part: ${says}`, facts);
  }
}
