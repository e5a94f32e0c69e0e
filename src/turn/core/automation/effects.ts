/** Turns the effects of a run into state, tells and asks. */
import { identityOf } from "../../../domain/identity.ts";
import type { NumberedOption } from "../../../domain/option.ts";
import type { Effect, Run } from "../../../workflow/run.ts";
import { sentencesFor } from "../../../workflow/sentences/sentences.ts";
import type { CallAsk } from "../ask.ts";
import { botSilence, isHeld } from "../bot-policy.ts";
import { closeConversation } from "../case/close.ts";
import { openCase } from "../case/open.ts";
import {
  cancelAlarm,
  change,
  channelOf,
  line,
  setAlarm,
  type TransitionContext,
  tellCustomer,
  tellDesk,
} from "../context.ts";
import { languagesOf } from "../facts.ts";
import { keepNote } from "../outgoing/notes.ts";
import { TAG_CHARACTERS_MAX, TAGS_MAX } from "../state.ts";
import { modelRequest } from "./model-request.ts";

/** Applies a run's effects in order. */
export function applyEffects(context: TransitionContext, effects: readonly Effect[], run: Run): void {
  for (const effect of effects) applyEffect(context, effect, run);
}

function applyEffect(context: TransitionContext, effect: Effect, run: Run): void {
  switch (effect.kind) {
    case "say":
      return say(context, effect.text);
    case "prompt":
      return openPrompt(context, effect, run);
    case "call":
      context.asks.push({ id: effect.ask, release: run.release, request: callRequest(context, effect, run) });
      return;
    case "unsure":
      context.unsure.push(effect.says);
      return;
    case "model":
      context.asks.push({ id: effect.ask, release: run.release, request: modelRequest(context, effect, run) });
      return;
    case "code":
      context.asks.push({ id: effect.ask, release: run.release, request: codeRequest(context, effect) });
      return;
    case "call_off":
      context.calledOff.add(effect.ask);
      return;
    case "occasion":
      context.caused.push({ on: effect.on, payload: effect.payload, depth: run.depth + 1 });
      return;
    case "alarm":
      return setAlarm(
        context,
        { kind: "run", id: effect.alarm },
        new Date(context.event.at.getTime() + effect.afterMs),
      );
    case "cancel_alarm":
      return cancelAlarm(context, { kind: "run", id: effect.alarm });
    case "tag":
      return tag(context, effect.tags);
    case "note":
      return note(context, effect.text);
    case "handoff":
      return openCase(context, { ...effect, release: run.release, words: "say" });
    case "close":
      if (effect.say !== null) say(context, effect.say);
      // The customer wrote meanwhile, and that is still to be read (U1).
      if (context.state.unread.length > 0 && !isHeld(context.state))
        return line(context, "close.unread", "Not closed, because the customer wrote meanwhile");
      return closeConversation(context, effect.resolution, run.depth + 1);
    case "journal":
      return line(context, effect.code, effect.message);
  }
}

/**
 * The request of a call. The contact's values come from the state only, whatever its input says: a procedure's has them
 * for its guards and its question.
 */
function callRequest(
  context: TransitionContext,
  { connector, operation, input, timeoutMs, key, fresh, sandbox }: Extract<Effect, { kind: "call" }>,
  run: Run,
): CallAsk {
  const { catalog, state } = context;
  const trial = sandbox === true || channelOf(context).trial === true;
  const how = { ...(fresh === undefined ? {} : { fresh }), ...(trial ? ({ sandbox: true } as const) : {}) };
  const call = { kind: "call", connector, operation, timeoutMs, key, ...how } as const;
  const paths = catalog.release(run.release)?.operations.get(`${connector}.${operation}`)?.identity ?? {};
  if (Object.keys(paths).length === 0) return { ...call, input };
  const given = Object.entries(input as object).filter(([name]) => !Object.hasOwn(paths, name));
  return { ...call, input: Object.fromEntries(given), identity: identityOf(state.contact, paths) };
}

function codeRequest({ event }: TransitionContext, effect: Extract<Effect, { kind: "code" }>) {
  const { procedure, block, inputs } = effect;
  return { kind: "code", procedure, block, inputs, now: event.at.toISOString() } as const;
}

function say(context: TransitionContext, text: string): void {
  if (botSilence(context.state) === "people")
    return line(context, "say.silent", "Not said, because a person holds the conversation");
  tellCustomer(context, { text });
}

/** T11: only few and short tags are kept; the journal says when one was left out. */
function tag(context: TransitionContext, tags: readonly string[]): void {
  const wanted = [...new Set([...context.state.tags, ...tags])];
  const kept = wanted.filter((word) => word.length <= TAG_CHARACTERS_MAX).slice(0, TAGS_MAX);
  if (kept.length < wanted.length)
    line(context, "tag.left_out", "A tag was left out: it is too long, or there are too many");
  if (kept.length > context.state.tags.length) change(context, { tags: kept });
}

function note(context: TransitionContext, text: string): void {
  if (context.state.case === null) return keepNote(context, text);
  tellDesk(context, { kind: "note", author: "Workflow", text, internal: true });
}

function openPrompt(context: TransitionContext, effect: Extract<Effect, { kind: "prompt" }>, run: Run): void {
  if (botSilence(context.state) === "people")
    return line(context, "ask.silent", "Not asked, because a person holds the conversation");
  const languages = [...new Set([...languagesOf(context.state.contact), "en", "de"])];
  const field = effect.field !== null && effect.options.every((option) => option.n === 0);
  const { named } = effect;
  const shown = { event: context.event.id, turn: context.turn, at: context.event.at.toISOString() };
  const open = { id: effect.prompt, run: run.id, options: effect.options, languages, field, shown };
  change(context, { prompt: named === null ? open : { ...open, named } });
  const options = effect.options.filter(({ id }) => named === null || named.includes(id));
  tellCustomer(context, {
    text: effect.text,
    promptId: effect.prompt,
    ...shownOptions(options),
    // A question without options is not answered by a number.
    ...(options.some(({ n }) => n !== 0) ? { footer: sentencesFor(languages).footer } : {}),
  });
}

function shownOptions(options: readonly NumberedOption[]): { options?: readonly NumberedOption[] } {
  return options.length === 0 ? {} : { options };
}
