import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path/posix";
import { describe, expect, test } from "vitest";
import { isAtItsSource } from "./architecture/mirrored.ts";
import { unitOf, violations } from "./architecture/rules.ts";
import { importsOf, sourcesUnder } from "./architecture/sources.ts";
import { MAY_IMPORT } from "./architecture/table.ts";

const sources = { ...sourcesUnder("src"), ...sourcesUnder("channels") };

describe("the code", () => {
  test("keeps to the import table, its pure folders, and the maximum file length", () => {
    expect(Object.keys(sources).length).toBeGreaterThan(100);
    expect(violations(sources)).toEqual([]);
  });

  test("has no file outside the table", () => {
    expect(Object.keys(sources).filter((path) => unitOf(path) === null)).toEqual([]);
  });

  test("has a README in every top folder of src and channels, and in turn/core", () => {
    const folders = ["src", "channels"].flatMap((root) =>
      readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => join(root, entry.name)),
    );
    const without = ["src", "channels", "src/turn/core", ...folders].filter(
      (folder) => !existsSync(join(folder, "README.md")),
    );
    expect(without).toEqual([]);
  });

  test("has migrations named for what they do", () => {
    const nameless = spawnSync(process.execPath, ["tools/migration.mjs"], { encoding: "utf8" });
    expect(nameless).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^Name the migration for what it does/),
    });
  });
});

describe("the tests", () => {
  test("lie at the path of the source that they test", () => {
    const tests = Object.keys(sourcesUnder("test")).filter((path) => path.endsWith(".test.ts"));
    expect(tests.length).toBeGreaterThan(100);
    expect(tests.filter((path) => !isAtItsSource(path, (file) => existsSync(file)))).toEqual([]);
  });

  test.each([
    ["test/turn/fold.test.ts", true],
    ["test/turn/core/case/merge.test.ts", true],
    ["test/store/store-inbound.order.test.ts", true],
    ["test/channels/slack/index.test.ts", true],
    ["test/e2e/anything.test.ts", true],
    ["test/support/pager.test.ts", true],
    ["test/turn/folding.test.ts", false],
    ["test/fold.test.ts", false],
    ["test/channels/turn/fold.test.ts", false],
  ])("%s: %s", (path, fine) => {
    expect(isAtItsSource(path, (file) => existsSync(file))).toBe(fine);
  });
});

describe("the table", () => {
  test("has no cycles", () => {
    const reached = (from: string, seen: readonly string[] = []): string[] =>
      (MAY_IMPORT[from] ?? []).flatMap((to) => (seen.includes(to) ? [to] : [to, ...reached(to, [...seen, to])]));
    expect(Object.keys(MAY_IMPORT).filter((unit) => reached(unit).includes(unit))).toEqual([]);
  });

  test("keeps the four stages of the line apart", () => {
    const stages = ["src/inbound", "src/turn", "src/outbound", "src/desk"];
    for (const stage of stages) {
      expect(stages.filter((other) => other !== stage && MAY_IMPORT[stage]?.includes(other))).toEqual([]);
    }
  });
});

describe("the scan", () => {
  test("finds every form of import, also over several lines, and ignores comments", () => {
    const text = `import { a } from "./a.ts";
import {
  b,
  type B,
} from "../b.ts";
import type { C } from "zod";
import "./effects.ts";
export { d } from "./d.ts";
export * from "node:fs";
const lazy = () => import("./lazy.ts");
// import { x } from "./commented.ts";
/* import { y } from "./commented-too.ts"; */
const words = "https://example.com/from";
`;
    expect(
      importsOf("src/lib/file.ts", text).map(({ to, specifier, typeOnly }) => [to ?? specifier, typeOnly]),
    ).toEqual([
      ["src/lib/a.ts", false],
      ["src/b.ts", false],
      ["zod", true],
      ["src/lib/d.ts", false],
      ["node:fs", false],
      ["src/lib/effects.ts", false],
      ["src/lib/lazy.ts", false],
    ]);
  });

  test.each([
    ["src/domain/a.ts", 'import { x } from "../store/db.ts";', "may not import src/store/db.ts"],
    ["src/inbound/a.ts", 'import { x } from "../outbound/b.ts";', "may not import src/outbound/b.ts"],
    ["src/turn/core/a.ts", 'import { x } from "../fold.ts";', "may not import src/turn/fold.ts"],
    ["src/content/a.ts", 'import { x } from "../connector/http.ts";', "may not import src/connector/http.ts"],
    ["src/cli/a.ts", 'import { x } from "../../channels/index.ts";', "may not import channels/index.ts"],
    ["src/start.ts", 'import { x } from "../channels/index.ts";', "may not import channels/index.ts"],
    ["src/store/a.ts", 'const x = () => import("../jobs/b.ts");', "may not import src/jobs/b.ts"],
    ["src/lib/a.ts", 'export { x } from "../domain/b.ts";', "may not import src/domain/b.ts"],
    ["channels/email/a.ts", 'import { x } from "../twilio-sms/ids.ts";', "may not import channels/twilio-sms/ids.ts"],
    ["channels/email/a.ts", 'import { x } from "../../src/desk/present.ts";', "may not import src/desk/present.ts"],
    ["channels/email/a.ts", 'import { x } from "../../src/store/db.ts";', "may not import src/store/db.ts"],
    ["src/lib/a.ts", 'import { x } from "../../test/support/services.ts";', "may not import test/support/services.ts"],
    ["src/lib/a.ts", 'import { x } from "src/lib/b.ts";', "not a relative path"],
    ["src/domain/a.ts", 'import { x } from "node:crypto";', "may not import node:crypto"],
    ["src/workflow/a.ts", 'import { x } from "pg";', "may not import pg"],
    ["src/turn/core/a.ts", "const at = new Date();", "may not use new Date()"],
    ["src/turn/core/a.ts", "const at = Date.now();", "may not use Date.now"],
    ["src/workflow/a.ts", "const x = Math.random();", "may not use Math.random"],
    ["src/language/a.ts", "const x = process.pid;", "may not use process."],
    ["src/store/a.ts", "const x = process.env.HOME;", "only src/main.ts may"],
    ["src/turn/a.ts", "const agent = 1;", 'says "agent"'],
    [
      "src/turn/core/state.ts",
      'import { x } from "./case/open.ts";',
      "is on a lower floor than src/turn/core/case/open.ts",
    ],
    ["src/turn/core/case/a.ts", 'import { x } from "../operator/guards.ts";', "is on a lower floor than"],
    ["channels/slack/inbound/a.ts", 'import { x } from "../desk/thread/desk.ts";', "is on a lower floor than"],
  ])("%s with %j is refused", (path, text, message) => {
    expect(violations({ [path]: text })).toEqual([expect.stringContaining(message)]);
  });

  test("a file that is too long is refused", () => {
    expect(violations({ "src/turn/a.ts": "x;\n".repeat(400) })).toEqual([]);
    expect(violations({ "src/turn/a.ts": "x;\n".repeat(401) })).toEqual([expect.stringContaining("has 401 lines")]);
  });

  test("a pure file may import types of an impure one, not its code", () => {
    const logger = 'import { pino } from "pino";';
    const uses = (clause: string) => ({
      "src/lib/logger.ts": logger,
      "src/adapter/a.ts": `import ${clause} from "../lib/logger.ts";`,
    });
    expect(violations(uses("type { Logger }"))).toEqual([]);
    expect(violations(uses("{ createLogger }"))).toEqual([
      "src/adapter/a.ts: is pure and may import only types of src/lib/logger.ts",
    ]);
  });

  test.each([
    ["src/turn/a.ts", 'import { x } from "./core/transition.ts";'],
    ["src/content/a.ts", 'import { x } from "../connector/manifest.ts";'],
    ["src/main.ts", 'import { x } from "../channels/index.ts";\nconst x = process.env;'],
    ["channels/email/a.ts", 'import { x } from "../../src/desk/desk.ts";'],
    ["channels/twilio-sms/a.ts", 'import { x } from "../twilio/client.ts";'],
    ["channels/index.ts", 'const x = () => import("./slack/index.ts");'],
    ["src/domain/a.ts", "// new Date() would be wrong here\nconst at = new Date(text);"],
    ["src/lib/a.ts", 'const headers = { "user-agent": "frontdesk" };'],
  ])("%s with %j is allowed", (path, text) => {
    expect(violations({ [path]: text })).toEqual([]);
  });
});
