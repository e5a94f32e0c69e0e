/** Values of a run, by dotted paths. Plain JSON in and out; nothing is changed in place. */
import type { Values } from "../language/expression.ts";

/** Names of the event's and the state's values. A run cannot set them. */
const RESERVED: ReadonlySet<string> = new Set(["contact", "conversation", "message", "event", "queue", "now"]);
/** Names through which a path would reach a prototype that all objects share. */
const FORBIDDEN: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export const names = (path: string): readonly string[] => path.split(".");

type Entries = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value under a dotted path; undefined if there is none. */
export function valueAt(values: unknown, path: string): unknown {
  let here: unknown = values;
  for (const name of names(path)) {
    if (!isMap(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

/** Tells whether a value is known: neither absent nor an empty text. */
export const isKnown = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** A sentence with the reason for which nothing can be saved under a path; null: it can. */
export function hole(values: Values, path: string): string | null {
  const [first = "", ...rest] = names(path);
  if (RESERVED.has(first)) return `${path} can't be set: ${first} is not the workflow's own. Choose another name.`;
  if ([first, ...rest].some((name) => name === "" || FORBIDDEN.has(name)))
    return `${path} is no name a value can have.`;
  let here: unknown = values;
  for (const [at, name] of [first, ...rest].slice(0, -1).entries()) {
    here = isMap(here) && Object.hasOwn(here, name) ? here[name] : undefined;
    if (here !== undefined && here !== null && !isMap(here)) {
      return `${path} can't be set: ${names(path)
        .slice(0, at + 1)
        .join(".")} is a single value, not a map.`;
    }
  }
  return null;
}

/** The values with one more, under a path for which `hole` returned null. */
export function placed(values: unknown, path: readonly string[], value: unknown): Values {
  const [name = "", ...rest] = path;
  const here = isMap(values) ? values : {};
  const before = Object.hasOwn(here, name) ? here[name] : undefined;
  return { ...here, [name]: rest.length === 0 ? (value ?? null) : placed(before, rest, value) };
}

/** Merges two values: maps name by name, of everything else the newer. */
export function merged(before: unknown, after: unknown): unknown {
  if (!isMap(before) || !isMap(after)) return after;
  const both: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(after)) {
    if (FORBIDDEN.has(name)) continue;
    both[name] = Object.hasOwn(before, name) ? merged(before[name], value) : value;
  }
  return both;
}

/** The values without the one under a path. */
export function without(values: Values, path: string): Values {
  const [name = "", ...rest] = names(path);
  if (!Object.hasOwn(values, name)) return values;
  const { [name]: gone, ...others } = values;
  if (rest.length === 0) return others;
  return isMap(gone) ? { ...others, [name]: without(gone, rest.join(".")) } : values;
}
