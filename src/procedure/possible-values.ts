/** All values that conditions over enums and yes-or-no fields can meet. */
import type { DeclaredType } from "../language/cel.ts";
import type { Expression, Values } from "../language/expression.ts";
import { own } from "../lib/own.ts";
import type { Scope } from "./scope.ts";

/** Our own limit; conditions over more combinations are not tried out. */
const MAX_COMBINATIONS = 256;

/** One combination of values by dotted path, and as conditions read them. */
export interface Combination {
  byPath: ReadonlyMap<string, unknown>;
  values: Values;
}

/** Every combination of the values that expressions read; null if one of them can have any value, or there are many. */
export function combinationsOf(expressions: readonly Expression[], scope: Scope): readonly Combination[] | null {
  const paths = new Set(expressions.flatMap(({ uses }) => uses.map(({ path }) => path.join("."))));
  let all: ReadonlyMap<string, unknown>[] = [new Map()];
  for (const path of paths) {
    const values = valuesAt(path, scope);
    if (values === null || all.length * values.length > MAX_COMBINATIONS) return null;
    all = all.flatMap((one) => values.map((value) => new Map([...one, [path, value]])));
  }
  return all.map((byPath) => ({ byPath, values: nested(byPath) }));
}

function valuesAt(path: string, { declared, enums }: Scope): readonly unknown[] | null {
  const values = enums.get(path);
  if (values !== undefined) return values;
  let type: DeclaredType | undefined = declared;
  for (const name of path.split(".")) type = typeof type === "object" ? own(type, name) : undefined;
  return type === "bool" ? [true, false] : null;
}

function nested(byPath: ReadonlyMap<string, unknown>): Values {
  const root: Record<string, unknown> = {};
  for (const [path, value] of byPath) {
    const names = path.split(".");
    let here = root;
    for (const name of names.slice(0, -1)) {
      const inner = own(here, name);
      const map = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
      here[name] = map;
      here = map;
    }
    here[names.at(-1) ?? ""] = value;
  }
  return root;
}
