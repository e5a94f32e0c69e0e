import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { PROCEDURE_SCHEMA } from "../../src/procedure/schema.ts";
import { parsed, readFixture, written } from "./written.ts";

const valid = new Ajv2020({ allowUnionTypes: true }).compile(PROCEDURE_SCHEMA);
const frontOf = (source: string): unknown => parseYaml(source.split("---\n")[1] ?? "");

describe("the schema", () => {
  test.each([
    ["the example", readFixture("cancel-subscription.md")],
    ["the sound fixture", written({})],
  ])("accepts %s", (_, source) => {
    valid(frontOf(source));
    expect(valid.errors).toBeNull();
  });

  test.each([
    ["a key that does not belong there", written({ head: "id: a\ntitel: b" })],
    ["no trigger", written({ trigger: "" })],
    ["another status", written({ head: "id: a\nstatus: life" })],
    ["a number in words", written({ more: "limits: { turns: many }\n" })],
    ["no duration", written({ connectors: "connectors:\n  billing.get_subscription: { fresh: soon }\n" })],
  ])("refuses what the reader refuses: %s", (_, source) => {
    expect(valid(frontOf(source))).toBe(false);
    expect(parsed(source).procedure).toBeNull();
  });

  test("describes every key", () => {
    const bare: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== "object" || schema === null) return;
      for (const [key, value] of Object.entries(schema)) {
        if (path.endsWith("properties") && JSON.stringify(value) === "{}") bare.push(`${path}.${key}`);
        visit(value, `${path}.${key}`);
      }
    };
    visit(PROCEDURE_SCHEMA, "");
    expect(bare).toEqual([]);
  });
});
