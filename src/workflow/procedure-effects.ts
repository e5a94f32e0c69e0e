/** A procedure's effects as effects of the workflow run that it is part of. */
import type { ProcedureField } from "../procedure/definition.ts";
import type { ProcedureEffect, ProcedureRun } from "../procedure/run.ts";
import { fieldTypeOf } from "./procedure-answer.ts";
import { journalLine, type Walk } from "./walk.ts";

/** `run`: where the procedure stands now; null where it is over. */
export function doEffects(walk: Walk, effects: readonly ProcedureEffect[], run: ProcedureRun | null): void {
  for (const effect of effects) doEffect(walk, effect, run);
}

function doEffect(walk: Walk, effect: ProcedureEffect, run: ProcedureRun | null): void {
  switch (effect.kind) {
    case "prompt": {
      const { field, ...shown } = effect;
      walk.effects.push({ ...shown, named: null, again: false, ...typeOf(field) });
      return;
    }
    case "call": {
      const [connector = "", operation = ""] = effect.operation.split(".");
      walk.effects.push({
        kind: "call",
        ask: effect.ask,
        connector,
        operation,
        input: effect.args,
        timeoutMs: null,
        key: effect.key,
        ...(effect.fresh === undefined ? {} : { fresh: effect.fresh }),
        ...(effect.sandbox === undefined ? {} : { sandbox: effect.sandbox }),
      });
      return;
    }
    case "model":
      if (run !== null) walk.effects.push({ ...effect, run, facts: walk.facts });
      return;
    case "tag":
      walk.effects.push({ kind: "tag", tags: [effect.tag] });
      return;
    case "journal":
      return journalLine(walk, effect.code, effect.message);
    case "say":
    case "code":
    case "call_off":
    case "alarm":
    case "cancel_alarm":
    case "note":
      walk.effects.push(effect);
  }
}

function typeOf(field: ProcedureField | null) {
  return { field: field === null ? null : fieldTypeOf(field), sensitive: field?.sensitive ?? false };
}
