import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "./captured.ts";
import { contentFolder, SETTINGS } from "./home.ts";

const HELLO = `---
id: hello
trigger: { when: They say hello., examples: [hello, hi there, good day] }
types: { Sum: { total: number } }
fields:
  name: { type: text, ask: Ask for their name., question: What is your name? }
  sum: { type: Sum, from: add }
---

# Hello

## Greet

\`@ask name\`

\`\`\`js add (name) -> Sum
return { total: name.length };
\`\`\`

- **If** \`sum.total > 3\`: say "A long name." and \`@end greeted\`.
- **Else**: say "A short name." and \`@end greeted\`.
`;

const scenario = (id: string, said: string, tag = "any"): string => `---
id: ${id}
procedure: hello
tags: [${tag}]
---

# Turns

- customer: hello
- customer: Dana
- expect: \`said /${said}/\`
`;

const home = (scenarios: Readonly<Record<string, string>>): string =>
  contentFolder({ "frontdesk.yaml": SETTINGS, "procedures/hello.md": HELLO, ...scenarios });

const both = (): string =>
  home({
    "scenarios/long.md": scenario("long", "long name", "good"),
    "scenarios/short.md": scenario("short", "short"),
  });

describe("frontdesk simulate", () => {
  test("plays all scenarios, with their code blocks, and shows what failed", async () => {
    const { code, out, err } = await run(["simulate", "--home", both()]);
    expect(code).toBe(1);
    expect(out).toMatch(/^passed {2}long \(\d+ ms\)\nFAILED {2}short \(\d+ ms\)\n/);
    expect(out).toContain(
      "scenarios/short.md:11:12 expected `said /short/`, but said “A long name.”\n    customer: Dana\n",
    );
    expect(err).toBe("2 scenarios: 1 passed, 1 failed\n");
  });

  test.each([[["long"]], [["scenarios/long.md"]], [["--tag", "good"]]])(
    "plays those that are named: %j",
    async (named) => {
      expect(await run(["simulate", ...named, "--home", both()])).toMatchObject({
        code: 0,
        err: "1 scenario: 1 passed, 0 failed\n",
      });
    },
  );

  test("prints everything that happened when asked to", async () => {
    const { out } = await run(["simulate", "long", "--verbose", "--home", both()]);
    expect(out).toContain('code add answered {"total":4}');
    expect(out).toContain("procedure.ended: “hello” ended: greeted");
  });

  test("writes reports for machines", async () => {
    const folder = both();
    const { code, out } = await run(["simulate", "--json", "--junit", join(folder, "report.xml"), "--home", folder]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { id: "long", passed: true, failures: [] },
      { id: "short", passed: false, failures: [{ position: { line: 11 }, expected: "said /short/" }] },
    ]);
    expect(readFileSync(join(folder, "report.xml"), "utf8")).toContain('tests="2" failures="1"');
  });

  test.each([
    [["lnog"], 'There is no scenario lnog (did you mean "long"?)'],
    [["--tag", "bad"], "No scenario has the tag bad"],
  ])("knows what is not there: %j", async (named, message) => {
    const { code, err } = await run(["simulate", ...named, "--home", both()]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test("plays nothing where there is nothing, or where the files have faults", async () => {
    expect(await run(["simulate", "--home", home({})])).toMatchObject({
      code: 2,
      err: expect.stringContaining("There are no scenarios") as string,
    });
    const faulty = home({ "scenarios/a.md": scenario("a", "x").replace("procedure: hello", "procedure: helo") });
    const { code, out, err } = await run(["simulate", "--home", faulty]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain('scenarios/a.md:3:12 S107 there is no procedure helo (did you mean "hello"?)');
  });
});

test("frontdesk check reads scenarios, and frontdesk explain their codes", async () => {
  const folder = home({
    "scenarios/a.md": scenario("a", "x").replace("customer: Dana", "custmer: Dana"),
    "scenarios/README.md": "x",
  });
  const { code, out } = await run(["check", "--home", folder]);
  expect(code).toBe(1);
  expect(out).toContain("scenarios/a.md:10:3 S019 a line begins with");
  expect(out.trim().split("\n")).toHaveLength(1);
  expect((await run(["check", join(folder, "scenarios")])).out).toBe(
    (await run(["check", join(folder, "scenarios", "a.md")])).out,
  );
  expect((await run(["explain", "S019"])).out).toContain("S019 (error)");
  expect((await run(["explain", "S005"])).out).toContain("S005 (error): A key that does not belong here.");
});
