import { expect, test } from "vitest";
import { run } from "./captured.ts";

test.each([
  ["P118", "P118 (error): A text that the value can never be."],
  ["w101", "W101 (error): No such queue in frontdesk.yaml."],
  ["T001", "T001 (warning): Three free-text questions in a row"],
  ["C205", "C205 (error): A secret that `frontdesk.yaml` does not list"],
  ["F013", "F013 (error): Not a duration."],
])("%s is explained with an example", async (code, start) => {
  const { code: exit, out } = await run(["explain", code]);
  expect(exit).toBe(0);
  expect(out.startsWith(start)).toBe(true);
  expect(out).toMatch(/\nFor example:\n\n {4}\S/);
});

test("--json has the parts of the explanation", async () => {
  expect(JSON.parse((await run(["explain", "P124", "--json"])).out)).toMatchObject({
    code: "P124",
    severity: "warning",
  });
});

test.each([[["explain"]], [["explain", "P118", "P119"]], [["explain", "P999"]], [["explain", "F019"]]])(
  "%j is wrong usage",
  async (argv) => {
    expect(await run(argv)).toMatchObject({ code: 2, out: "" });
  },
);
