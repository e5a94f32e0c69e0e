/**
 * The desk store over the database. Operators' acts go the way of all inbound: stored once, then handled by the
 * conversation's turn.
 */

import type { Inbound } from "../adapter/inbound.ts";
import type { Operator } from "../domain/case.ts";
import { address, threadId } from "../domain/ids.ts";
import { type Reach, reachOf } from "../domain/reach.ts";
import { findCase, findCases, latestConversation, openCases } from "../store/desk-cases.ts";
import { isOnDuty, queuesOf, saveDeskDuty } from "../store/desk-people.ts";
import { deskPlaces, mayLook, saveDeskPlace } from "../store/desk-places.ts";
import { deskRosters } from "../store/desk-roster.ts";
import { movePlace } from "../store/move-place.ts";
import type { DeskStore } from "./desk-store.ts";
import type { DeskStoreOptions } from "./desk-store-options.ts";
import { closeQueue, saveMembers } from "./members.ts";
import { openAbout, startConversation } from "./start.ts";

type Act = Parameters<DeskStore["act"]>[0];

/** Opens the store of the desk on a channel. Every method throws the database's errors. */
export function openDeskStore(o: DeskStoreOptions): DeskStore {
  const { db, channel } = o;
  const act = (request: Act) => storeAct(o, request);
  const scopeOf = async (by: Operator) => ({ channel, reach: await currentReach(o, by) });
  return {
    queues: o.queues,
    ...(o.defaultQueue === undefined ? {} : { defaultQueue: o.defaultQueue }),
    manual: o.manual,
    reachable: o.reachable,
    case: async (by, conversation) => findCase(db, await scopeOf(by), conversation),
    cases: async (by, wanted) => openCases(db, await scopeOf(by), wanted),
    find: async (by, text, limit) => findCases(db, await scopeOf(by), { text, limit }),
    conversation: (where, thread) => latestConversation(db, where, thread),
    act,
    start: (request) => startConversation(o, request),
    open: (request) => openAbout(o, request),
    onDuty: (operator) => isOnDuty(db, channel, operator),
    setDuty: (operator, on) => saveDeskDuty(db, channel, { operator, on }),
    async queuesOf(by) {
      const { queues } = await currentReach(o, by);
      return o.queues().filter(({ id }) => queues.includes(id));
    },
    rosters: () => deskRosters(db, channel),
    places: () => deskPlaces(db, channel),
    savePlace: (place) => saveDeskPlace(db, channel, place),
    saveMembers: (queue, operators) => saveMembers({ db, channel, act }, queue, operators),
    closeQueue: (queue, reason) => closeQueue({ db, channel, act }, queue, reason),
    movePlace: (from, to) => movePlace(db, channel, { from, to }),
    mayLook: (what, everyMs) => mayLook(db, `${channel}:${what}`, everyMs),
  };
}

/** Reads the present reach of an operator. */
async function currentReach(o: DeskStoreOptions, by: Operator): Promise<Reach> {
  const worksIn = o.membership === "everyone" ? null : await queuesOf(o.db, o.channel, by.id);
  return reachOf(by, worksIn, { queues: o.queues(), defaultQueue: o.defaultQueue?.() ?? null });
}

async function storeAct({ receive, channel, clock }: DeskStoreOptions, { key, ...act }: Act): Promise<void> {
  const { operator, conversation, command } = act;
  const raw = { body: Buffer.from(JSON.stringify(act)), contentType: "application/json", receivedAt: clock() };
  const item: Inbound = {
    kind: "action",
    dedupeKeys: [`book:${key}`],
    externalId: key,
    // An act has no thread: it names its conversation.
    thread: threadId(""),
    from: address(operator.id),
    displayName: operator.name,
    trust: "verified",
    conversation,
    command,
  };
  await receive(channel, raw, [item]);
}
