/**
 * Conditions: CEL, compiled once and evaluated often.
 *
 * 1. An expression never throws and never waits. If a key is missing or types do not fit, its value is undefined.
 * 2. It reads plain JSON and returns plain JSON; no prototype of ours is reachable.
 * 3. A pattern is tried on a text only if it was checked to be fast, see pattern.ts.
 * 4. Numbers are doubles, as in JSON; whole-number literals mix with them freely (`x == 2`, `x + 1`).
 * 5. The cost of an evaluation is counted, see budget.ts. Past the budget the value is undefined and `onFault` called.
 */
import {
  type ASTNode,
  TypeError as CelTypeError,
  Environment,
  EvaluationError,
  ParseError,
} from "@marcbachmann/cel-js";
import { fail, ok, type Result } from "../lib/result.ts";
import { type Budget, isSpent, newBudget, SPENT_SAYS } from "./budget.ts";
import { countWork, type Purse } from "./cel-budget.ts";
import { costFault } from "./cel-cost.ts";
import { boundDurations, registerDurations } from "./cel-duration.ts";
import { boundMatches, matchesFault, registerMatches } from "./cel-matches.ts";
import { readAst } from "./cel-reading.ts";
import { COSTLY, type Expression, type Locate, type OnFault, type SourceFault, type Values } from "./expression.ts";
import { jsonOf } from "./json.ts";
import { didYouMean } from "./suggest.ts";

/** Our own limit; a longer condition should be several steps. */
export const MAX_EXPRESSION_CHARACTERS = 2_000;
/** Our own limits: far above any readable condition, far below a noticeable cost. */
const LIMITS = { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 };

/** Declared type of a name, for the static check. A nested record declares fields; `dyn` allows any type. */
export type DeclaredType = "string" | "double" | "bool" | "list<string>" | "list" | "map" | "dyn" | DeclaredFields;
export interface DeclaredFields {
  readonly [name: string]: DeclaredType;
}

export interface CompileOptions {
  /** Names with known types; every other name can have any. */
  declared?: DeclaredFields;
  /** Type that the expression must have. A condition is a bool. */
  wanted?: "bool" | "any";
  locate: Locate;
}

/** Compiles one CEL expression and checks its types against `declared`. */
export function compileExpression(source: string, options: CompileOptions): Result<Expression, SourceFault> {
  if (source.length > MAX_EXPRESSION_CHARACTERS) {
    return fail({
      offset: 0,
      message: `an expression may have ${MAX_EXPRESSION_CHARACTERS} characters, this has ${source.length}; make several steps of it`,
      number: COSTLY,
    });
  }
  try {
    const checked = checkingEnvironment(options.declared ?? {}).parse(source);
    const verdict = checked.check();
    if (!verdict.valid) return fail(faultOf(verdict.error, source, options.declared));
    const wrong = wrongType(source, verdict.type ?? "dyn", options.wanted ?? "any");
    if (wrong !== null) return fail(wrong);
    const slow = matchesFault(checked.ast, source) ?? costFault(checked.ast);
    if (slow !== null) return fail(slow);
    return ok(expressionOf(source, options.locate, { ast: checked.ast, type: verdict.type ?? "dyn" }));
  } catch (error) {
    return fail(faultOf(error, source));
  }
}

function expressionOf(source: string, locate: Locate, { ast, type }: { ast: ASTNode; type: string }): Expression {
  const run = EVALUATING.parse(source);
  const purse: Purse = { budget: newBudget() };
  boundMatches(run.ast);
  boundDurations(run.ast);
  countWork(run.ast, purse);
  const { uses, comparisons } = readAst(ast, locate);
  const evaluate = (values: Values, onFault?: OnFault, budget: Budget = newBudget()): unknown => {
    purse.budget = budget;
    // A plain object would find "constructor" in its prototype.
    const value = known(() => jsonOf(run(Object.assign(Object.create(null), values) as Record<string, unknown>)));
    if (!isSpent(budget)) return value;
    onFault?.(SPENT_SAYS);
    return undefined;
  };
  return { source, type, uses, comparisons, evaluate };
}

/** The result, or undefined after an error: the library throws its own and those of values that it cannot handle. */
function known(evaluate: () => unknown): unknown {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function wrongType(source: string, type: string, wanted: "bool" | "any"): SourceFault | null {
  if (wanted === "any" || type === "bool" || type === "dyn") return null;
  const offset = source.length - source.trimStart().length;
  return { offset, message: `a condition must be true or false, but this is a value of type ${type}` };
}

/** Evaluation allows any type for every name: with declarations the library converts and refuses values at run time. */
const EVALUATING = newEnvironment();
registerMatches(EVALUATING);
registerDurations(EVALUATING);

function newEnvironment(): Environment {
  const env = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, limits: LIMITS });
  const calculations: Readonly<Record<string, (a: number, b: number) => number>> = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "%": (a, b) => a % b,
  };
  for (const [sign, calculate] of Object.entries(calculations)) {
    const mixed = (a: unknown, b: unknown): number => calculate(Number(a), Number(b));
    env.registerOperator(`double ${sign} int: double`, mixed);
    env.registerOperator(`int ${sign} double: double`, mixed);
    if (sign === "%") env.registerOperator("double % double: double", mixed);
  }
  env.registerOperator("double == int", (a: unknown, b: unknown) => Number(a) === Number(b));
  return env;
}

/** One environment for each set of declarations, because building one costs more than a check. */
const checkingEnvironments = new WeakMap<DeclaredFields, Environment>();

function checkingEnvironment(declared: DeclaredFields): Environment {
  const known = checkingEnvironments.get(declared);
  if (known !== undefined) return known;
  const env = newEnvironment();
  for (const [name, type] of Object.entries(declared)) {
    if (typeof type === "string") env.registerVariable(name, type);
    else env.registerVariable({ name, schema: type });
  }
  checkingEnvironments.set(declared, env);
  return env;
}

function faultOf(error: unknown, source: string, declared: DeclaredFields = {}): SourceFault {
  const known = error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError;
  if (!known) return { offset: 0, message: error instanceof Error ? error.message : String(error) };
  const offset = error.range?.start ?? 0;
  const limit = /^Exceeded (\w+) \((\d+)\)$/.exec(error.summary);
  if (limit !== null) return { offset, message: tooLarge(limit[1], limit[2]), number: COSTLY };
  const field = /^No such key: (.+)$/.exec(error.summary)?.[1];
  if (field !== undefined)
    return { offset, message: `there is no field "${field}"${didYouMean(field, fieldsOf(declared))}` };
  return { offset, message: error.summary + hint(source) };
}

/** Words for the library's limits, by the names of its options. */
const LIMIT_WORDS: ReadonlyMap<string | undefined, string> = new Map([
  ["maxAstNodes", "parts"],
  ["maxDepth", "levels of parentheses"],
  ["maxListElements", "items in a list"],
  ["maxMapEntries", "entries in a map"],
  ["maxCallArguments", "arguments in a call"],
]);

const tooLarge = (limit: string | undefined, most = ""): string =>
  `an expression may have ${most} ${LIMIT_WORDS.get(limit) ?? "parts"}; make several steps of it`;

function fieldsOf(declared: DeclaredFields): string[] {
  return Object.values(declared).flatMap((type) =>
    typeof type === "string" ? [] : [...Object.keys(type), ...fieldsOf(type)],
  );
}

/** A hint for the habits of other languages that CEL does not share. */
function hint(source: string): string {
  const bare = source.replaceAll(/"[^"]*"|'[^']*'/g, '""');
  if (/[^=!<>]=[^=]/.test(bare)) return "; to compare, write == instead of =";
  if (/\band\b/.test(bare)) return "; write && instead of and";
  if (/\bor\b/.test(bare)) return "; write || instead of or";
  if (/\bnot\b/.test(bare)) return "; write ! instead of not";
  if (/\{\{/.test(bare)) return "; a condition names a value without {{ }}";
  return "";
}
