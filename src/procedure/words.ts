/** The customer's words: an answer to the open question, something beside it, or news for the next decision. */
import { PERSON_OPTION } from "../domain/option.ts";
import { own } from "../lib/own.ts";
import { endActive, enter, over } from "./activation.ts";
import { agreement, correctable } from "./agreement.ts";
import { useOperation } from "./calls.ts";
import { type Confirming, decline } from "./confirm.ts";
import type { Procedure } from "./definition.ts";
import { hear, leaveOut, setFromAnswer } from "./fields.ts";
import { askAgain, SOMETHING_ELSE } from "./questions.ts";
import { introduce } from "./replies.ts";
import { beginTurn, stuck } from "./rules.ts";
import type { CustomerReply, Pending } from "./run.ts";
import { otherMatter } from "./selection.ts";
import { type Intent, intentOf } from "./understudy/intents.ts";
import { active, changeRun, journal, type Move, mint, on, type Work, wait } from "./work.ts";

/** Answers in a row that are none, after which a person takes over. */
const MISSES_MAX = 2;

/** The customer wrote, or pressed an option. */
export function onWords(work: Work, reply: CustomerReply): Move {
  beginTurn(work);
  hear(work, reply.text);
  callOffModel(work);
  // An option is an answer by itself.
  if (reply.option === null) gather(work);
  const { pending } = work.run;
  if (reply.option === PERSON_OPTION) return handToPerson(work);
  if (pending !== null) return answered(work, pending, reply);
  const intent = work.world.model ? null : intentOf(reply.text);
  return intent === null ? on : onIntent(work, intent);
}

/** What the model was asked before these words is not wanted any more. */
function callOffModel(work: Work): void {
  for (const one of work.run.asks) {
    if (one.kind !== "model") continue;
    journal(work, "model.superseded", "The customer wrote again, so the model's answer is not wanted any more");
    work.effects.push({ kind: "call_off", ask: one.ask });
  }
  changeRun(work, { asks: work.run.asks.filter(({ kind }) => kind !== "model") });
}

/** People send two to four short texts, so a model is asked when they have been quiet for a while (T6). */
function gather(work: Work): void {
  const { model, quietMs } = work.world;
  if (!model || quietMs === 0) return;
  const alarm = work.run.quiet ?? mint(work);
  changeRun(work, { quiet: alarm });
  work.effects.push({ kind: "alarm", alarm, afterMs: quietMs });
}

function handToPerson(work: Work): Move {
  const because = "The customer asked for a person";
  return over(work, { kind: "handoff", to: "", reason: "asked", because, summary: "" });
}

function answered(work: Work, pending: Pending, reply: CustomerReply): Move {
  switch (pending.kind) {
    case "field": {
      const field = own(active(work)?.procedure.fields ?? {}, pending.field);
      // Any words would do for a text, so what is said beside it is read first.
      const beside = field?.type.kind === "text" && !work.world.model ? intentOf(reply.text) : null;
      if (beside !== null && beside.kind !== "correct") return onIntent(work, beside);
      const other = field?.type.kind === "text" && !work.world.model ? askedBeside(work, reply.text) : null;
      if (other !== null) return interruptedBy(work, other);
      if (field === undefined || setFromAnswer(work, field, reply)) return settled(work);
      return besideIt(work, pending, reply);
    }
    case "confirm":
      return confirmed(work, pending, reply);
    case "which":
      return chosen(work, pending, reply);
  }
}

/** The procedure that a question is for: "what is your refund policy?" is no item of an order. */
const askedBeside = (work: Work, text: string): Procedure | null =>
  text.trimEnd().endsWith("?") ? otherMatter(work, text) : null;

function settled(work: Work): Move {
  changeRun(work, { pending: null, counts: { ...work.run.counts, clarified: 0 } });
  return on;
}

function confirmed(work: Work, pending: Confirming, reply: CustomerReply): Move {
  const agreed = agreement(work, reply, pending.call.operation);
  if (agreed === false) {
    decline(work, pending);
    return on;
  }
  if (agreed === null) return besideIt(work, pending, reply);
  journal(work, "confirm.given", `The customer agreed to ${pending.call.operation}`);
  changeRun(work, { pending: null });
  const { operation, given, exact } = pending.call;
  const done = useOperation(work, { kind: "use", operation, args: given }, exact);
  if ("kind" in done) return done;
  journal(work, `guard.${done.rule}`, `Refused the agreed call: ${done.message}`);
  return on;
}

function chosen(work: Work, pending: Extract<Pending, { kind: "which" }>, reply: CustomerReply): Move {
  if (reply.option === SOMETHING_ELSE) return over(work, { kind: "untaken" });
  const procedure = reply.option === null ? null : work.find(reply.option);
  if (procedure === null) return besideIt(work, pending, reply);
  settled(work);
  return enter(work, procedure);
}

/** Words that are no answer to the open question: a model reads them; without one, what can be read by patterns. */
function besideIt(work: Work, pending: Pending, reply: CustomerReply): Move {
  if (work.world.model && !work.run.turn.understudy) return on;
  const intent = intentOf(reply.text);
  if (intent !== null) return onIntent(work, intent);
  const other = otherMatter(work, reply.text);
  if (other !== null) return interruptedBy(work, other);
  const misses = pending.misses + 1;
  if (misses >= MISSES_MAX) return stuck(work, "The customer's answers were not understood");
  changeRun(work, { pending: { ...pending, misses }, news: false });
  askAgain(work, work.world.sentences.notUnderstood);
  return wait;
}

/** The customer asks for something else in between; afterwards the open question is asked again. */
function interruptedBy(work: Work, other: Procedure): Move {
  journal(work, "procedure.interrupted", `The customer asked for something else in between: “${other.title}”`);
  changeRun(work, { pending: null });
  return enter(work, other);
}

function onIntent(work: Work, intent: Intent): Move {
  const { sentences } = work.world;
  const { pending } = work.run;
  changeRun(work, { news: pending === null });
  switch (intent.kind) {
    case "moment":
      return say(work, sentences.takeYourTime);
    case "repeat":
      return repeat(work, "");
    case "why":
      return repeat(work, sentences.why(active(work)?.procedure.title ?? ""));
    case "cancel":
      return dropIt(work);
    case "refuse":
      return refusedToSay(work);
    case "correct":
      return corrected(work, intent.rest);
  }
}

function say(work: Work, text: string): Move {
  introduce(work);
  changeRun(work, { news: false });
  work.effects.push({ kind: "say", text });
  return wait;
}

function repeat(work: Work, lead: string): Move {
  if (work.run.pending === null) return on;
  askAgain(work, lead);
  return wait;
}

function dropIt(work: Work): Move {
  changeRun(work, { pending: null });
  if (active(work) === null) return over(work, { kind: "untaken" });
  journal(work, "procedure.dropped", "The customer wants it no more");
  if (work.run.stack.length === 1) work.effects.push({ kind: "say", text: work.world.sentences.dropped });
  return endActive(work, "dropped");
}

/** An optional field stays empty; what is needed, a person can ask for. */
function refusedToSay(work: Work): Move {
  const { pending } = work.run;
  if (pending?.kind === "confirm") {
    decline(work, pending);
    return on;
  }
  const field = pending?.kind === "field" ? own(active(work)?.procedure.fields ?? {}, pending.field) : undefined;
  if (field?.optional === true) {
    leaveOut(work, field);
    return settled(work);
  }
  return stuck(work, "The customer does not want to tell something that is needed");
}

/** "No, I meant X": the latest answer that X can be a value of is replaced by it. */
function corrected(work: Work, rest: string): Move {
  const reply: CustomerReply = { text: rest, option: null, attachments: [] };
  const field = correctable(work, reply);
  if (field !== null) {
    changeRun(work, { pending: null, news: true });
    setFromAnswer(work, field, reply);
    return on;
  }
  const { pending } = work.run;
  return pending === null ? on : besideIt(work, pending, { text: rest.slice(0, 1), option: null, attachments: [] });
}
