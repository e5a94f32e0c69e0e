/**
 * Asks a model for the next commands of a procedure. Nothing is changed outside, so that it may be repeated; its answer is
 * journalled as the ask's, so that a model is not asked again once it has answered.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { CallError } from "../../domain/call.ts";
import type { ModelRequest, ModelResult, UnavailableReason } from "../../domain/model.ts";
import { batch } from "../../lib/batch.ts";
import type { Fence } from "../../lib/fence.ts";
import { MESSAGE_MAX, type Spoken } from "../../procedure/prompt/conversation.ts";
import { type PromptRelease, promptFor } from "../../procedure/prompt/prompt.ts";
import { readCommands } from "../../procedure/prompt/read-commands.ts";
import type { Db } from "../../store/db.ts";
import { readSpoken, type SpokenIn } from "../../store/spoken.ts";
import type { AskAnswer, ModelAsk } from "../core/ask.ts";
import { type AskAttempt, type AskHandler, failedAnswer, mayLeave } from "./kind.ts";

/** Asks the models of a tier, with retries and one repair of an answer that can't be parsed. Throws database errors only. */
export type CompleteRequest = (
  request: ModelRequest,
  options: { signal: AbortSignal; fence: Fence; deadlineMs: number },
) => Promise<ModelResult>;

export interface ModelHandlerOptions {
  db: Db;
  /** What procedures of a release are prompted with; null where it can't be loaded. */
  promptRelease: (release: number) => Promise<PromptRelease | null>;
  complete: CompleteRequest;
}

/** Our choice: the customer waits; after it the understudy decides. */
const DEADLINE_MS = 120_000;
/** Our choice: some ten long replies, or the thoughts of a model that thinks first. */
const MAX_OUTPUT_TOKENS = 4_000;
/**
 * Characters of the conversation: some 6,000 tokens, more than nearly every conversation has. A quarter goes at once, since
 * a server's cache is of no use for what follows a piece that is left out.
 */
const SPOKEN = { perMessage: MESSAGE_MAX, max: 24_000, piece: 6_000 };

/** Conversations of one read, a megabyte at most. */
const READ_AT_ONCE = 32;

export function modelHandler({ db, promptRelease, complete }: ModelHandlerOptions): AskHandler<"model"> {
  const spokenIn = batch((asked: readonly SpokenIn[]) => readSpoken(db, asked, SPOKEN), { max: READ_AT_ONCE });
  return {
    async prepare(request, release) {
      const { until, facts } = request;
      const conversation = facts.conversation.id;
      const [found, spoken] = await Promise.all([promptRelease(release), spokenIn({ conversation, until })]);
      return {
        effect: null,
        inFlightMs: null,
        async run(attempt) {
          const asked = found === null ? null : requestOf(request, { release: found, spoken });
          const result = asked === null ? NO_RELEASE : await answerTo(asked, attempt, complete);
          return { result, uncertain: false };
        },
      };
    },
  };
}

const NO_RELEASE = failedAnswer("not_found", "The files of this run can't be loaded any more.");

/** The request of an ask. */
export function requestOf(
  { run, runId, facts, channel }: ModelAsk,
  { release, spoken }: { release: PromptRelease; spoken: Spoken },
): ModelRequest {
  const { procedure, ...prompt } = promptFor({ run, facts, channel, release, spoken });
  return {
    ...prompt,
    tier: "large",
    conversation: facts.conversation.id,
    procedure: procedure === null ? null : { id: procedure.id, run: runId, costUsd: procedure.limits.costUsd },
    purpose: "turn",
    maxOutputTokens: MAX_OUTPUT_TOKENS,
  };
}

/** Time in which a claim that was about to lapse is renewed, or has lapsed. */
const RENEWED_WITHIN_MS = 200;

async function answerTo(
  request: ModelRequest,
  attempt: AskAttempt,
  complete: CompleteRequest,
): Promise<AskAnswer<"model">> {
  const { signal, fence } = attempt;
  const result = await complete(request, { signal, fence, deadlineMs: DEADLINE_MS });
  if (result.kind === "unavailable" && result.reason === "cancelled") {
    // The request was held back since the claim was about to lapse; it may have been renewed since.
    await pause(RENEWED_WITHIN_MS, undefined, { signal }).catch(() => undefined);
    if (mayLeave(attempt)) return answerTo(request, attempt, complete);
  }
  if (result.kind === "unavailable") return unanswered(result);
  const { model, costUsd, usage } = result;
  const commands = readCommands(result);
  if (!commands.ok) return failedAnswer("bad_answer", `${model}: ${commands.fault}`);
  return { ok: true, value: { commands: [...commands.value], model, costUsd, tokens: usage } };
}

/** A request that was stopped is retryable: it is left to another process, unless nobody wants it any more. */
function unanswered({ reason, message }: Extract<ModelResult, { kind: "unavailable" }>): AskAnswer<"model"> {
  return { ok: false, error: { reason: REASONS[reason], message, retryable: reason === "cancelled" } };
}

const REASONS: Readonly<Record<UnavailableReason, CallError["reason"]>> = {
  no_model: "not_found",
  budget: "refused",
  down: "unreachable",
  refused: "refused",
  too_long: "bad_input",
  cancelled: "timeout",
};
