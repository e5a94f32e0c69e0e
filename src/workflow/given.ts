/** Values that `with:` and `set:` give. */
import type { Template, Values } from "../language/expression.ts";
import type { Given } from "./definition.ts";
import { OPEN, type Setting } from "./setting.ts";

/** A given value as plain JSON, with its templates rendered. */
export function given(value: Given, render: (template: Template) => string): unknown {
  switch (value.kind) {
    case "literal":
      return value.value;
    case "template":
      return render(value.template);
    case "list":
      return value.items.map((item) => given(item, render));
    case "map":
      return givenMap(value.entries, render);
  }
}

type Entry = [string, unknown];

export function givenMap(entries: Readonly<Record<string, Given>>, render: (template: Template) => string): Values {
  return Object.fromEntries(Object.entries(entries).map(([name, value]): Entry => [name, given(value, render)]));
}

export function templatesIn(given: Given): readonly Template[] {
  switch (given.kind) {
    case "literal":
      return [];
    case "template":
      return [given.template];
    case "list":
      return given.items.flatMap(templatesIn);
    case "map":
      return Object.values(given.entries).flatMap(templatesIn);
  }
}

export function givenSettings(path: string, given: Given): readonly Setting[] {
  switch (given.kind) {
    case "literal":
      return [{ path, source: typeof given.value === "string" ? { kind: "words", words: [given.value] } : OPEN }];
    case "template": {
      const copied = /^\s*\{\{\s*([\p{L}\p{N}_.]+)\s*\}\}\s*$/u.exec(given.template.source)?.[1];
      return [{ path, source: copied === undefined ? OPEN : { kind: "path", path: copied } }];
    }
    case "list":
      return [{ path, source: OPEN }];
    case "map":
      return Object.entries(given.entries).flatMap(([name, inner]) => givenSettings(`${path}.${name}`, inner));
  }
}
