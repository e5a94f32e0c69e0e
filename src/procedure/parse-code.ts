/** Reads a code block: ```js choose-offer (sub, reason) -> Offer. */
import type { Code } from "mdast";
import { SCALAR_TYPES } from "../domain/connector-schema.ts";
import { didYouMean } from "../language/suggest.ts";
import { quoted } from "../language/yaml-entry.ts";
import { report } from "../language/yaml-file.ts";
import { own } from "../lib/own.ts";
import type { BodyReading } from "./body-reading.ts";
import type { CodeBlock } from "./definition.ts";
import { returnedBy } from "./returned-by.ts";

/** Our own limits: a decision has some dozen lines. */
const MAX_CODE_CHARACTERS = 10_000;
const MAX_INPUTS = 20;

const HEAD = /^([a-z][a-z0-9_-]{0,63})[ \t]*\(([^()]{0,1000})\)[ \t]*->[ \t]*([\w.]{1,130})$/;
const HEAD_FORM =
  "a code block begins with ```js name (fields) -> Type, as in ```js choose-offer (sub, reason) -> Offer";

/** Reads a fenced block; null after reporting its fault. */
export function readCode(node: Code, reading: BodyReading): CodeBlock | null {
  const at = node.position?.start.offset ?? 0;
  const meta = node.meta?.trim() ?? "";
  const [, name, listed, returns] = node.lang === "js" ? (HEAD.exec(meta) ?? []) : [];
  if (name === undefined || listed === undefined || returns === undefined) return refuse(reading, at, "022", HEAD_FORM);
  const twice = reading.blocks.has(name);
  reading.blocks.add(name);
  const metaAt = reading.yaml.source.indexOf(meta, at);
  if (twice) return refuse(reading, metaAt, "015", `there is a code block ${name} already`);
  if (node.value.length > MAX_CODE_CHARACTERS)
    return refuse(reading, at, "001", `a code block may have ${MAX_CODE_CHARACTERS} characters; use a connector`);
  const inputs = readInputs(listed, metaAt + meta.indexOf("(") + 1, reading);
  const known = [...Object.keys(reading.head.types), ...SCALAR_TYPES];
  if (returnedBy(reading.head.types, returns) === null) {
    const place = metaAt + meta.lastIndexOf(returns);
    return refuse(reading, place, "010", `there is no type ${quoted(returns)}${didYouMean(returns, known)}`);
  }
  const code: CodeBlock = { name, inputs, returns, source: node.value };
  reading.code.set(name, code);
  return code;
}

/** Reads the names of fields between the parentheses; `at` is the offset of the first character there. */
function readInputs(listed: string, at: number, reading: BodyReading): readonly string[] {
  const names = [...listed.matchAll(/[^,]+/g)].flatMap(({ 0: item, index }) => {
    const name = item.trim();
    return name === "" ? [] : [{ name, at: at + index + item.indexOf(name) }];
  });
  if (names.length > MAX_INPUTS) refuse(reading, at, "022", `a code block reads at most ${MAX_INPUTS} fields`);
  const { fields, broken } = reading.head;
  for (const { name, at: place } of names) {
    if (own(fields, name) !== undefined || broken.has(name)) continue;
    refuse(reading, place, "109", `there is no field ${quoted(name)}${didYouMean(name, Object.keys(fields))}`);
  }
  return names.slice(0, MAX_INPUTS).map(({ name }) => name);
}

function refuse({ yaml }: BodyReading, at: number, number: string, message: string): null {
  report(yaml, { at, number, message });
  return null;
}
