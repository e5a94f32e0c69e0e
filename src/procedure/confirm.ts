/** The customer's agreement to one exact call: asked by the engine, given in a later message, void if anything changes. */
import type { NumberedOption } from "../domain/option.ts";
import { PERSON_OPTION } from "../domain/option.ts";
import { textFor } from "../language/text-for.ts";
import type { Operation, Pending, PreparedCall, ProcedureWorld } from "./run.ts";
import { changeActive, changeRun, journal, type Move, mint, rendered, type Work, wait } from "./work.ts";

export type Confirming = Extract<Pending, { kind: "confirm" }>;

/** Puts the question. It names the arguments, and its text is the connector's or ours, never a model's. */
export function openConfirm(work: Work, { call, operation }: { call: PreparedCall; operation: Operation }): Move {
  const prompt = mint(work);
  const text = confirmText(work, { call, operation });
  const turn = { ...work.run.turn, asked: true };
  changeRun(work, { pending: { kind: "confirm", prompt, call, misses: 0 }, turn });
  journal(work, "confirm.asked", `Asked the customer to agree to ${call.operation}`);
  work.effects.push({ kind: "prompt", prompt, text, options: yesOrNo(work.world), field: null });
  return wait;
}

/** The question before a call: the connector's in the customer's language, else one made from its description. */
export function confirmText(work: Work, { call, operation }: { call: PreparedCall; operation: Operation }): string {
  const template = operation.confirm === null ? undefined : textFor(operation.confirm, work.world.languages);
  const own = template === undefined ? "" : rendered(work, template, { ...call.args, args: call.args });
  return own === "" ? work.world.sentences.confirm(plainly(operation, call)) : own;
}

function plainly({ description, name }: Operation, { args }: PreparedCall): string {
  const listed = Object.entries(args).map(([key, value]) => `${key}: ${String(value)}`);
  return `${description === "" ? name : description}${listed.length === 0 ? "" : ` (${listed.join(", ")})`}`;
}

/** Yes, no and a person. */
export function yesOrNo({ sentences }: ProcedureWorld): NumberedOption[] {
  return [
    { n: 1, id: "yes", label: sentences.yes, aliases: [] },
    { n: 2, id: "no", label: sentences.no, aliases: [] },
    { n: 0, id: PERSON_OPTION, label: sentences.person, aliases: [] },
  ];
}

/** The customer said no: nothing is done, and the procedure goes on with that. */
export function decline(work: Work, { call }: Confirming): void {
  const record = { outcome: "declined", exact: call.exact, error: "declined", at: work.world.now } as const;
  changeActive(work, { calls: { ...work.run.stack.at(-1)?.calls, [call.operation]: record } });
  const command = { kind: "use", operation: call.operation, args: call.args } as const;
  const result = { ok: false, message: "The customer said no. Nothing was done." } as const;
  changeRun(work, { pending: null, news: true, exchange: [...work.run.exchange, { command, result }] });
  journal(work, "confirm.declined", `The customer did not agree to ${call.operation}`);
}
