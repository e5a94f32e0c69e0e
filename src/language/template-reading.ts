import type { SourceFault } from "./expression.ts";

const CLOCK_WORDS: ReadonlySet<unknown> = new Set(["now", "today"]);

/** The fault of a template that formats the current time ("now" or "today" before a date filter), or null. */
export function clockFault(nodes: unknown): SourceFault | null {
  let fault: SourceFault | null = null;
  walk(nodes, (part) => {
    if (!Array.isArray(part["filters"])) return;
    const read = part["filters"].some((filter: { name?: unknown }) => String(filter.name).startsWith("date"));
    const token = read ? literalOf(part["initial"]) : null;
    if (token !== null && CLOCK_WORDS.has(token.content)) {
      fault ??= {
        offset: token.begin,
        message: `a text cannot read the clock; write {{ now | date: … }} instead of "${token.content}"`,
      };
    }
  });
  return fault;
}

/** The greatest depth of loops nested in one another. */
export function deepestLoop(nodes: unknown): number {
  let deepest = 0;
  walk(nodes, (part, loops) => {
    if (part["name"] === "for") deepest = Math.max(deepest, loops + 1);
  });
  return deepest;
}

function literalOf(initial: unknown): { content: string; begin: number } | null {
  const postfix = isRecord(initial) ? initial["postfix"] : null;
  const token: unknown = Array.isArray(postfix) && postfix.length === 1 ? postfix[0] : null;
  if (!isRecord(token) || typeof token["content"] !== "string" || typeof token["begin"] !== "number") return null;
  return { content: token["content"], begin: token["begin"] };
}

type Part = Readonly<Record<string, unknown>>;

/** Visits every part of a parsed template as a plain object; liquidjs offers no other way into its own tags. */
function walk(root: unknown, see: (part: Part, loops: number) => void): void {
  const seen = new Set<unknown>();
  const visit = (value: unknown, loops: number): void => {
    if (Array.isArray(value)) return value.forEach((item) => visit(item, loops));
    if (!isRecord(value) || seen.has(value)) return;
    seen.add(value);
    see(value, loops);
    const inside = loops + (value["name"] === "for" && "templates" in value ? 1 : 0);
    for (const [key, item] of Object.entries(value)) {
      if (key !== "liquid" && key !== "token" && key !== "tokenizer") visit(item, inside);
    }
  };
  visit(root, 0);
}

function isRecord(value: unknown): value is Part {
  return typeof value === "object" && value !== null;
}
