/** Starts a conversation from the dialog "Write to someone". */
import type { StartConversation } from "../../../../src/desk/desk-store.ts";
import { sha256 } from "../../../../src/lib/digest.ts";
import { threadOf, userAddress } from "../../ids.ts";
import { FIELDS } from "../view/actions.ts";
import { describeFailure, slackCode } from "./failures.ts";
import { findPerson } from "./find-person.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { noAccessText, requesterQueues } from "./operator-queues.ts";
import type { Request } from "./request-context.ts";
import { fieldOf, type Refusal, refusal, Submission } from "./submission.ts";

type StartFields = Record<(typeof FIELDS.start)[number], string>;

/** Stores the conversation before the dialog closes; returns the error to show at a field, or null if it was stored. */
export async function submitStart(deps: InteractionDeps, { context, body }: Request): Promise<Refusal | null> {
  const view = Submission.safeParse(body).data?.view;
  if (view === undefined) return null;
  const [channel = "", to = "", queue = "", text = ""] = FIELDS.start.map((block) => fieldOf(view, block) ?? "");
  const fields: StartFields = { channel, to, queue, text };
  const mine = await requesterQueues(deps, context);
  if (mine.length === 0) return refusal("to", await noAccessText(deps));
  if (!mine.some(({ id }) => id === queue)) return refusal("queue", "You are not in this queue: choose one of yours.");
  if (text.trim() === "") return refusal("text", "Write a message.");
  try {
    const recipient = await recipientOf(deps, fields);
    if (typeof recipient === "object" && "fault" in recipient) return refusal("to", recipient.fault);
    // Submitted twice (after a late answer) it is one conversation; with other content it is another one.
    const key = `start:${view.id}:${digest(fields)}`;
    const operator = await deps.withDisplayName(context.operator);
    const started = await deps.store.start({ operator, key, channel, to: recipient, queue, text });
    return "fault" in started ? refusal("to", started.fault) : null;
  } catch (error) {
    deps.log.error({ err: error, code: slackCode(error), channel }, "conversation start failed");
    return refusal("to", describeFailure(error));
  }
}

/** Resolves the recipient; for people on Slack the thread is their direct message with the bot. */
async function recipientOf(
  deps: InteractionDeps,
  { channel, to }: StartFields,
): Promise<StartConversation["to"] | { fault: string }> {
  if (channel !== deps.channel) return to.trim();
  const person = await findPerson(deps, to);
  if ("fault" in person) return person;
  const opened = await deps.slack((web) => web.conversations.open({ users: person.id }));
  const direct = opened.channel?.id;
  if (direct === undefined) return { fault: "Slack could not open a direct message with them: try again." };
  return { thread: threadOf(direct, null), address: userAddress(person.id), name: person.name };
}

const digest = (fields: StartFields): string => sha256(JSON.stringify(fields)).slice(0, 16);
