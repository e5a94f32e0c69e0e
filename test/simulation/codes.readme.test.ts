import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CODES } from "../../src/simulation/codes.ts";

const readme = readFileSync(new URL("../../scenarios/README.md", import.meta.url), "utf8");

test.each(CODES.map(({ code, severity, meaning }) => [code, severity, meaning] as const))(
  "the format reference explains %s",
  (code, severity, meaning) => expect(readme).toContain(`| ${code} | ${severity} | ${meaning} |`),
);
