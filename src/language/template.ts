/**
 * Texts: Liquid, compiled once and rendered often.
 *
 * 1. A template reads no file and no clock, and uses no chance: `include`, its relatives and `sample` do not exist, and
 *    the date filters format only a date that is given to them ("now" stays as it is).
 * 2. The same values render the same text on every machine: times are shown in UTC or in the zone that is named.
 * 3. Its cost is limited by counting (see budget.ts, and the nesting of loops), not by time, which differs by machine.
 */
import { Liquid, LiquidError, type Template as Node } from "liquidjs";
import { fail, ok, type Result } from "../lib/result.ts";
import { isSpent, newBudget, SPENT_SAYS } from "./budget.ts";
import { COSTLY, type Locate, type SourceFault, type Template, type Use, type Values } from "./expression.ts";
import { didYouMean } from "./suggest.ts";
import {
  budgetedContext,
  COUNTED_OPERATORS,
  CountedCase,
  CountedFor,
  countFilters,
  countOutput,
} from "./template-budget.ts";
import { clockFault, deepestLoop } from "./template-reading.ts";

/** Our own limit; a text for a customer is far shorter. */
const MAX_TEMPLATE_CHARACTERS = 20_000;
/** Our own limit: more than any channel accepts, and little enough to store. */
const MAX_RENDERED_CHARACTERS = 100_000;
/** A loop within a loop. A third level multiplies the cost past any budget. */
const MAX_LOOPS = 2;

const TAGS: ReadonlySet<string> = new Set([
  "assign",
  "break",
  "capture",
  "case",
  "comment",
  "continue",
  "echo",
  "for",
  "if",
  "liquid",
  "raw",
  "unless",
  "#",
]);
const DATE_FILTERS = ["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"] as const;

const engine = newEngine();

/** Compiles one Liquid template. */
export function compileTemplate(source: string, options: { locate: Locate }): Result<Template, SourceFault> {
  if (source.length > MAX_TEMPLATE_CHARACTERS) {
    return fail({
      offset: 0,
      message: `a text may have ${MAX_TEMPLATE_CHARACTERS} characters, this has ${source.length}; make several of it`,
      number: COSTLY,
    });
  }
  try {
    const nodes = engine.parse(source);
    const clock = clockFault(nodes);
    if (clock !== null) return fail(clock);
    if (deepestLoop(nodes) > MAX_LOOPS)
      return fail({ offset: 0, message: `loops may be nested ${MAX_LOOPS} deep`, number: COSTLY });
    return ok({ source, uses: usesOf(nodes, source, options.locate), render: rendererOf(nodes) });
  } catch (error) {
    return fail(faultOf(error, source));
  }
}

function rendererOf(nodes: Node[]): Template["render"] {
  return (values: Values, onFault, budget = newBudget()) => {
    try {
      const text = String(engine.renderSync(nodes, budgetedContext(engine, values, budget)));
      if (text.length <= MAX_RENDERED_CHARACTERS) return text;
      onFault?.(`the text grew past ${MAX_RENDERED_CHARACTERS} characters`);
    } catch (error) {
      // The library wraps a thrown error in one of its own.
      if (isSpent(budget)) onFault?.(SPENT_SAYS);
      else onFault?.(error instanceof Error ? plain(error) : String(error));
    }
    return "";
  };
}

function usesOf(nodes: Node[], source: string, locate: Locate): readonly Use[] {
  const lineStarts = [0, ...[...source.matchAll(/\n/g)].map((match) => match.index + 1)];
  return Object.values(engine.analyzeSync(nodes, { partials: false }).globals)
    .flat()
    .map(({ segments, location }) => {
      const open = segments.findIndex((segment) => typeof segment !== "string");
      const path = (open === -1 ? segments : segments.slice(0, open)).map(String);
      return { path, position: locate((lineStarts[location.row - 1] ?? 0) + location.col - 1) };
    });
}

function newEngine(): Liquid {
  const liquid = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    locale: "en",
    timezoneOffset: 0,
    parseLimit: MAX_TEMPLATE_CHARACTERS,
    operators: COUNTED_OPERATORS,
    outputEscape: countOutput as () => string,
  });
  liquid.registerTag("for", CountedFor);
  liquid.registerTag("case", CountedCase);
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  liquid.unregisterFilter("sample");
  for (const name of DATE_FILTERS) {
    const original = liquid.filters[name];
    if (typeof original !== "function") throw new Error(`liquidjs has no filter ${name} any more`);
    liquid.registerFilter(name, function (value: unknown, ...args: unknown[]) {
      const given = instantOf(value);
      return given === null ? value : (original.call(this, given, ...(args as never[])) as unknown);
    });
  }
  countFilters(liquid);
  return liquid;
}

/** Accepts ISO 8601 dates and times, and seconds since 1970. JavaScript engines differ on any other text. */
function instantOf(value: unknown): string | number | null {
  if (typeof value === "number") return value;
  if (
    typeof value !== "string" ||
    !/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.test(value)
  )
    return null;
  return /[T ]/i.test(value) && !/(Z|[+-]\d{2}:?\d{2})$/i.test(value.slice(10)) ? `${value}Z` : value;
}

function faultOf(error: unknown, source: string): SourceFault {
  if (!(error instanceof Error)) return { offset: 0, message: String(error) };
  const message = plain(error);
  const token = LiquidError.is(error) ? error.token : undefined;
  const begin = token?.begin ?? 0;
  const filter = /^undefined filter: (\w+)/.exec(message)?.[1];
  if (filter !== undefined) return filterFault(filter, begin + nameWithin(source.slice(begin, token?.end), filter));
  const tag = /^tag "(.+)" not found/.exec(message)?.[1];
  if (tag !== undefined) return { offset: begin, message: `there is no tag "${tag}" in texts${didYouMean(tag, TAGS)}` };
  return { offset: begin, message };
}

function filterFault(filter: string, offset: number): SourceFault {
  if (filter === "sample")
    return { offset, message: "the filter `sample` picks by chance, and a workflow always does the same" };
  return { offset, message: `there is no filter "${filter}"${didYouMean(filter, Object.keys(engine.filters))}` };
}

function nameWithin(text: string, filter: string): number {
  const match = new RegExp(`\\|\\s*${filter}\\b`).exec(text);
  return match === null ? 0 : match.index + match[0].length - filter.length;
}

/** The library's message without the line and column that it adds. */
function plain(error: Error): string {
  return (error.message.split("\n")[0] ?? "").replace(/, (file:.*, )?line:\d+, col:\d+$/, "");
}
