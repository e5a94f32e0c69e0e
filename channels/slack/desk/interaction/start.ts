/** Begins a conversation from the dialog "Write to someone". */

import type { StartConversation } from "../../../../src/desk/desk-store.ts";
import { sha256 } from "../../../../src/lib/digest.ts";
import { threadOf, userAddress } from "../../ids.ts";
import { FIELDS } from "../view/actions.ts";
import { saying, slackCode } from "./failures.ts";
import { findPerson } from "./find-person.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { outsiderWords, queuesOfAsked } from "./operator-queues.ts";
import type { Request } from "./request-context.ts";
import { fieldOf, type Refusal, refusal, Submission } from "./submission.ts";

type Wish = Record<(typeof FIELDS.start)[number], string>;

/** Stored before the dialog closes; answers with what is wrong at which field, or null: it is on its way. */
export async function startConversation(deps: InteractionDeps, { asked, body }: Request): Promise<Refusal | null> {
  const view = Submission.safeParse(body).data?.view;
  if (view === undefined) return null;
  const [channel = "", to = "", queue = "", text = ""] = FIELDS.start.map((block) => fieldOf(view, block) ?? "");
  const wish: Wish = { channel, to, queue, text };
  const mine = await queuesOfAsked(deps, asked);
  if (mine.length === 0) return refusal("to", await outsiderWords(deps));
  if (!mine.some(({ id }) => id === queue)) return refusal("queue", "You are not in this queue: choose one of yours.");
  if (text.trim() === "") return refusal("text", "Write what they are to read.");
  try {
    const whom = await whomOf(deps, wish);
    if (typeof whom === "object" && "fault" in whom) return refusal("to", whom.fault);
    // Handed in twice (after an answer that came too late) it is one conversation; with other words it is another wish.
    const key = `start:${view.id}:${digest(wish)}`;
    const operator = await deps.named(asked.operator);
    const started = await deps.store.start({ operator, key, channel, to: whom, queue, text });
    return "fault" in started ? refusal("to", started.fault) : null;
  } catch (error) {
    deps.log.error({ err: error, code: slackCode(error), channel }, "a conversation could not be started");
    return refusal("to", saying(error));
  }
}

/** For Slack's own people, the thread is their direct conversation with the bot. */
async function whomOf(
  deps: InteractionDeps,
  { channel, to }: Wish,
): Promise<StartConversation["to"] | { fault: string }> {
  if (channel !== deps.channel) return to.trim();
  const person = await findPerson(deps, to);
  if ("fault" in person) return person;
  const opened = await deps.slack((web) => web.conversations.open({ users: person.id }));
  const direct = opened.channel?.id;
  if (direct === undefined) return { fault: "Slack opened no direct conversation with them: try it again." };
  return { thread: threadOf(direct, null), address: userAddress(person.id), name: person.name };
}

const digest = (wish: Wish): string => sha256(JSON.stringify(wish)).slice(0, 16);
