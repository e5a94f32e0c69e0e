import { expect, test } from "vitest";
import { checkScenarios } from "../../src/simulation/check.ts";
import { shopWorld, written } from "./shop.ts";

test("two scenarios with one id are a fault of the second", () => {
  const text = written({ turns: ["customer: hello"] });
  const { diagnostics } = checkScenarios(
    [
      ["scenarios/a.md", text],
      ["scenarios/b.md", text],
    ],
    shopWorld(),
  );
  expect(diagnostics).toMatchObject([
    { file: "scenarios/b.md", code: "S121", message: 'scenarios/a.md already has the id "trial"' },
  ]);
  expect(checkScenarios([["scenarios/a.md", text]], shopWorld())).toMatchObject({
    diagnostics: [],
    scenarios: [{ id: "trial" }],
  });
});
