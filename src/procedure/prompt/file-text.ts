/** The active procedure's text for a model: the whole file, or of a strict one only what may be seen now. */
import type { Procedure, ProcedureStep } from "../definition.ts";

/**
 * Of steps under `strict:` only the one that the run is in is shown; while it is in one, it is the only step. The rest of
 * the file stays in its order.
 */
export function fileText(procedure: Procedure, step: string): string {
  if (procedure.strict.length === 0) return procedure.source;
  const lines = procedure.source.split("\n");
  const { steps } = procedure;
  const head = lines.slice(0, lineOf(steps[0], lines.length) - 1);
  const alone = procedure.strict.includes(step);
  const shown = steps.flatMap((one, at) => {
    const visible = alone ? one.id === step : !procedure.strict.includes(one.id);
    return visible ? lines.slice(lineOf(one, lines.length) - 1, lineOf(steps[at + 1], lines.length + 1) - 1) : [];
  });
  return [...head, ...shown].join("\n");
}

const lineOf = (step: ProcedureStep | undefined, otherwise: number): number => step?.position.line ?? otherwise;
