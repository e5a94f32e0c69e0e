import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CODES as CONTENT_CODES } from "../../src/content/codes.ts";
import { CODES } from "../../src/procedure/codes.ts";
import {
  AUDIENCE_KEYS,
  FIELD_KEYS,
  LIMITS_KEYS,
  PROCEDURE_KEYS,
  RULE_KEYS,
  TRIGGER_KEYS,
} from "../../src/procedure/keys.ts";
import { ACTION_NAMES } from "../../src/procedure/parse-action.ts";
import { FIELD_TYPES } from "../../src/procedure/parse-field-type.ts";
import { parsed } from "./written.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const reference = read("procedures/README.md");

describe("the format reference", () => {
  test("shows a whole procedure that can be read", () => {
    const example = /````markdown\n(---\n[\s\S]*?)````/.exec(reference)?.[1] ?? "";
    expect(example).toContain("id: cancel-subscription");
    expect(parsed(example).diagnostics).toEqual([]);
  });

  test("shows fields that can be read", () => {
    const fields = /```yaml\n(cancel_reason:[\s\S]*?)```/.exec(reference)?.[1] ?? "";
    const indented = fields.replaceAll(/^(?=.)/gm, "  ");
    const source = `---\nid: a\ntrigger: { when: b }\nfields:\n${indented}---\n\n## A\n\n\`@end x\`\n`;
    expect(parsed(source).diagnostics).toEqual([]);
  });

  test.each([...ACTION_NAMES])("explains @%s", (name) =>
    expect(reference).toMatch(new RegExp(`^\\| \`@${name}\\b`, "m")),
  );
  test.each([...PROCEDURE_KEYS.known, ...FIELD_KEYS.known.filter((key) => key !== "values" && key !== "pattern")])(
    "explains the key %s",
    (key) => expect(reference).toContain(`\n| \`${key}\` | `),
  );
  test.each([...RULE_KEYS.known])("explains the rule %s", (key) =>
    expect(reference).toMatch(new RegExp(`^\\| \`${key}[\`:]`, "m")),
  );
  test.each([...TRIGGER_KEYS.known, ...AUDIENCE_KEYS.known, ...LIMITS_KEYS.known])("names the key %s", (key) =>
    expect(reference).toContain(`\`${key}:`),
  );
  test.each(FIELD_TYPES)("names the type %s", (type) => expect(reference).toMatch(new RegExp(`\\b${type}\\b`)));
  test.each(CODES.map(({ code, severity, meaning }) => [code, severity, meaning] as const))(
    "explains %s",
    (code, severity, meaning) => expect(reference).toContain(`| ${code} | ${severity} | ${meaning} |`),
  );
});

test.each(CONTENT_CODES.filter(({ code }) => code.startsWith("C")).map(({ code, meaning }) => [code, meaning]))(
  "the reference of connectors explains %s",
  (code, meaning) => expect(read("connectors/README.md")).toContain(`| ${code} | ${meaning} |`),
);
