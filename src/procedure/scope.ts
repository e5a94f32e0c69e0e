/** Names that the conditions and texts of one procedure can read, with their types. */
import type { ValueType } from "../domain/connector-schema.ts";
import type { DeclaredFields, DeclaredType } from "../language/cel.ts";
import { FACTS } from "../language/facts.ts";
import { didYouMean } from "../language/suggest.ts";
import { own } from "../lib/own.ts";
import type { ProcedureField, ProcedureFieldType } from "./definition.ts";

export interface Scope {
  declared: DeclaredFields;
  /** The values that an enum can have, by its dotted path ("offer.kind"). */
  enums: ReadonlyMap<string, readonly string[]>;
}

/** The facts alone: what is known before a procedure begins. */
export const FACTS_SCOPE: Scope = { declared: FACTS, enums: new Map() };

/** Outcomes of a call, as `billing.cancel_subscription.outcome` has them. */
const OUTCOMES = ["done", "failed", "unknown", "declined"];
const RESULT: ValueType = {
  type: "object",
  fields: {
    done: { value: { type: "boolean" }, optional: false },
    outcome: { value: { type: "enum", values: OUTCOMES }, optional: false },
    error: { value: { type: "string" }, optional: false },
  },
};

export interface ScopeParts {
  fields: readonly Pick<ProcedureField, "name" | "type">[];
  /** Names of fields whose type could not be read; they can have any value. */
  broken?: Iterable<string>;
  /** Listed operations ("billing.get_subscription"). */
  operations: Iterable<string>;
}

/** The scope of fields and of the results of operations. */
export function scopeOf({ fields, broken = [], operations }: ScopeParts): Scope {
  const enums = new Map<string, readonly string[]>();
  const declared: Record<string, DeclaredType> = { ...FACTS };
  for (const name of broken) declared[name] = "dyn";
  for (const { name, type } of fields) declared[name] = declaredField(type, name, enums);
  for (const operation of operations) {
    const [connector = "", name = ""] = operation.split(".");
    if (Object.hasOwn(FACTS, connector) || fields.some((field) => field.name === connector)) continue;
    const before = own(declared, connector);
    const results = typeof before === "object" ? before : {};
    declared[connector] = { ...results, [name]: declaredType(RESULT, operation, enums) };
  }
  return { declared, enums };
}

function declaredField(type: ProcedureFieldType, path: string, enums: Map<string, readonly string[]>): DeclaredType {
  switch (type.kind) {
    case "text":
    case "email":
    case "phone":
    case "date":
    case "datetime":
    case "id":
      return "string";
    case "number":
      return "double";
    case "money":
      return { amount: "double", currency: "string" };
    case "yes_no":
      return "bool";
    case "file":
      return "list";
    case "enum":
      enums.set(path, type.values);
      return "string";
    case "named":
      return declaredType(type.value, path, enums);
  }
}

function declaredType(type: ValueType, path: string, enums: Map<string, readonly string[]>): DeclaredType {
  switch (type.type) {
    case "string":
    case "date":
      return "string";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "list":
      return "list";
    case "enum":
      enums.set(path, type.values);
      return "string";
    case "object":
      return Object.fromEntries(
        Object.entries(type.fields).map(([name, { value }]) => [name, declaredType(value, `${path}.${name}`, enums)]),
      );
  }
}

/** The sentence for a path of names that leads to no value; null if there is one. */
export function unknownValue(path: readonly string[], { declared }: Scope): string | null {
  let here: DeclaredType = declared;
  for (const [at, name] of path.entries()) {
    // Lists, maps and values of any type have whatever they have.
    if (here === "dyn" || here === "map" || here === "list" || here === "list<string>") return null;
    const parent = path.slice(0, at).join(".");
    if (typeof here === "string") return name === "size" ? null : `${parent} is a single value, so it has no "${name}"`;
    const next: DeclaredType | undefined = own(here, name);
    if (next === undefined) {
      const meant = didYouMean(name, Object.keys(here));
      return at === 0 ? `there is no field or value "${name}"${meant}` : `${parent} has no "${name}"${meant}`;
    }
    here = next;
  }
  return null;
}
