import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { playground } from "../../channels/playground/index.ts";
import type { ChannelAdapter, Connection } from "../../src/adapter/adapter.ts";
import type { Inbound } from "../../src/adapter/inbound.ts";
import { type FittedPart, storedPartChange } from "../../src/adapter/part.ts";
import { remoteId } from "../../src/domain/ids.ts";
import { channelSender } from "../../src/outbound/channel-sender.ts";
import { claimParts } from "../../src/store/claim-parts.ts";
import { storableId } from "../../src/store/long-id.ts";
import { settleParts } from "../../src/store/settle-parts.ts";
import { openDoor, writes } from "../inbound/door.ts";
import { flight } from "../support/flight.ts";

// I10: an adapter is given back the ids that it made, however long they are.

const long = (name: string): string => `${name}:${randomBytes(3_000).toString("hex")}`;

it("a part is sent to the original thread, changed under the original id, and its receipt is found", async () => {
  await using door = await openDoor();
  const [thread, from, remote] = [long("thread"), long("from"), long("remote")];
  await door.takes(writes(thread, "hello", { from }));
  const conversation = await door.conversation(storableId(thread));
  const seen: string[] = [];
  const connection: Connection = {
    async send(to) {
      seen.push(to);
      return remoteId(remote);
    },
    async edit(to, message) {
      seen.push(to, message);
    },
    async hint(to, who) {
      seen.push(to, who);
    },
    close: async () => undefined,
  };
  const adapter = { ...playground, encode: (part: FittedPart) => part } as unknown as ChannelAdapter;
  const sender = channelSender({ db: door.db, adapter, config: {}, connection, installation: "here" });
  const parts = [
    { text: "How are you?", promptId: "p1", options: [] },
    storedPartChange({ kind: "answered", promptId: "p1", chosen: "Fine" }),
    storedPartChange({ kind: "hint", to: storableId(from), text: "only for you" }),
  ];
  for (const [n, content] of parts.entries()) {
    await door.rows(
      `insert into outbox (conversation, event, n, channel, thread, kind, epoch, content, message)
       values ($1, -1, $2, 'chat', $3, 'notice', 0, $4, $5)`,
      conversation,
      n,
      storableId(thread),
      JSON.stringify(content),
      n === 0 ? -1 : null,
    );
    const [claimed] = await claimParts(door.db, [{ channel: "chat", thread: storableId(thread) }]);
    if (claimed == null) throw new Error("Nothing was claimed");
    const sent = await sender.send(claimed, flight());
    await settleParts(door.db, [{ id: claimed.id, attempt: claimed.attempts, outcome: "sent", remoteId: sent }]);
  }
  expect(seen).toEqual([thread, thread, remote, thread, from]);
  const receipt: Inbound = {
    kind: "receipt",
    dedupeKeys: [],
    externalId: "r",
    message: remoteId(remote),
    status: "delivered",
  };
  await door.takes(receipt);
  expect(await door.rows("select status from delivery where outbox is not null")).toEqual([{ status: "delivered" }]);
});
