import type { Effect, Run } from "../../../workflow/run.ts";
import type { AskRequest } from "../ask.ts";
import { channelOf, type TransitionContext } from "../context.ts";

/** Asks a model for the next commands of the run's procedure, with what it is told; the answerer reads the transcript. */
export function modelRequest(
  context: TransitionContext,
  { run, facts }: Extract<Effect, { kind: "model" }>,
  { id }: Run,
): AskRequest<"model"> {
  const { stack, heard, exchange, pending, verified, replies, counted, used } = run;
  const { contact, conversation, now, languages } = facts;
  const { can } = channelOf(context);
  const { channel: name, tags } = conversation;
  return {
    kind: "model",
    runId: id,
    run: { stack, heard: heard.slice(-1), exchange, pending, verified, replies, counted, used },
    facts: {
      contact,
      conversation: { id: conversation.id, channel: name, tags },
      verified: context.state.trust === "verified",
      now,
      languages,
    },
    channel: { name, maxCharacters: can.markdown?.max ?? can.text.max, markdown: can.markdown !== undefined },
    until: context.state.lastMessage,
  };
}
