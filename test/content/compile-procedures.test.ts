import { describe, expect, test } from "vitest";
import { compileContent } from "../../src/content/compile.ts";
import { formatDiagnostic } from "../../src/content/print.ts";
import { readFixture } from "../procedure/written.ts";

const options = { capabilities: () => null, adapters: [] };
const SETTINGS = `channels: {}
desk: { adapter: playground }
default_queue: front-line
queues: { front-line: , account-managers: , retention-leads: }
`;
/** Settings without channels are refused, so that no adapter is needed the desk names one that is not there. */
const CHANNELS = SETTINGS.replace("channels: {}", "channels: { playground: { adapter: playground } }");
const can = {
  text: { max: 160, unit: "septets" },
  options: { support: "fallback", max: 9, maxLabel: 40 },
  reservedWords: [],
  attachments: { support: "dropped", maxBytes: 0 },
  edit: "rejected",
  hint: "dropped",
  typing: "dropped",
  reconcile: "dropped",
  receipts: "native",
  quietMs: 0,
} as const;
const compile = (files: Readonly<Record<string, string>>) =>
  compileContent(files, { ...options, capabilities: () => can, adapters: ["playground"] });

const procedure = (id: string, steps: string, trigger = id): string =>
  `---\nid: ${id}\ntrigger: { when: ${trigger}, examples: [${trigger} one, ${trigger} two, ${trigger} three] }\n---\n\n## Do\n\n${steps}\n`;

const FILES = {
  "frontdesk.yaml": CHANNELS,
  "connectors/billing.yaml": readFixture("billing.yaml"),
  "workflows/w.yaml": "id: w\non: message.received\nsteps: [{ procedure: refund }]\n",
  "procedures/cancel.md": procedure("cancel", "`@run refund` and `@end x`", "stopping"),
  "procedures/refund.md": procedure("refund", "`@handoff front-line`", "money"),
  "procedures/README.md": "# About procedures\n",
};
const codes = (files: Record<string, string>): string[] =>
  compile(files).diagnostics.map((one) => formatDiagnostic(one).split(" ").slice(0, 2).join(" "));
const versions = (files: Record<string, string>): Record<string, string> =>
  Object.fromEntries((compile(files).content?.procedures ?? []).map(({ id, version }) => [id, version]));

describe("a content folder with procedures", () => {
  test("compiles, and leaves out its README", () => {
    const { content, diagnostics } = compile(FILES);
    expect(diagnostics).toEqual([]);
    expect(content?.procedures.map(({ id, file }) => [id, file])).toEqual([
      ["cancel", "procedures/cancel.md"],
      ["refund", "procedures/refund.md"],
    ]);
  });

  test("compiles without any", () => {
    const { "procedures/cancel.md": _c, "procedures/refund.md": _r, "workflows/w.yaml": _w, ...rest } = FILES;
    expect(compile(rest).content?.procedures).toEqual([]);
  });

  test.each<[string, Record<string, string>, string[]]>([
    [
      "an id twice",
      { ...FILES, "procedures/z.md": procedure("refund", "`@end x`", "sums") },
      ["procedures/z.md:2:5 P121"],
    ],
    [
      "an unknown queue",
      { ...FILES, "procedures/z.md": procedure("z", "`@handoff leads`") },
      ["procedures/z.md:8:1 P101"],
    ],
    [
      "an unknown workflow",
      { ...FILES, "procedures/z.md": procedure("z", "`@workflow v`") },
      ["procedures/z.md:8:1 P104"],
    ],
    [
      "code that is no JavaScript",
      {
        ...FILES,
        "procedures/z.md": procedure("z", "```js a () -> number\nreturn );\n```\n`@end x`").replace(
          "---\n\n",
          "fields: { n: { type: number, from: a } }\nescalate: { if: n > 1, to: front-line }\n---\n\n",
        ),
      },
      ["procedures/z.md:11:8 P134"],
    ],
    [
      "a workflow that starts none of them",
      { ...FILES, "workflows/v.yaml": "id: v\non: message.received\nsteps: [{ procedure: refnd }]\n" },
      ["workflows/v.yaml:3:22 W123"],
    ],
    [
      "an unreadable procedure, and no consequences in other files",
      { ...FILES, "procedures/refund.md": "# Refund\n" },
      ["procedures/refund.md:1:1 P001"],
    ],
    [
      "an unreadable connector, and no consequences in procedures",
      {
        ...FILES,
        "connectors/billing.yaml": "id: billing\n",
        "procedures/z.md": readFixture("cancel-subscription.md")
          .replace("[slack, email, sms, whatsapp, playground]", "[playground]")
          .replace("  requires: verified", "  #")
          .replace("refund-policy", "refund"),
      },
      ["connectors/billing.yaml:1:1 C006", "connectors/billing.yaml:1:1 C006"],
    ],
  ])("reports %s", (_, files, expected) => {
    expect(compile(files).content).toBeNull();
    expect(codes(files).filter((one) => !one.endsWith(" P129"))).toEqual(expected);
  });

  test("gives a version that changes with the file, with what it runs, and with its connectors", () => {
    const uses = {
      ...FILES,
      "procedures/cancel.md": FILES["procedures/cancel.md"].replace(
        "---\n\n",
        "connectors: { billing.get_subscription: read }\n---\n\n",
      ),
    };
    const before = versions(uses);
    expect(before["cancel"]).toMatch(/^[0-9a-f]{64}$/);
    expect(versions({ ...uses, "frontdesk.yaml": `${CHANNELS}# a remark\n` })).toEqual(before);
    const refund = versions({ ...uses, "procedures/refund.md": `${uses["procedures/refund.md"]}\nBe kind.\n` });
    expect(refund["cancel"]).not.toBe(before["cancel"]);
    expect(refund["refund"]).not.toBe(before["refund"]);
    const cancel = versions({ ...uses, "procedures/cancel.md": `${uses["procedures/cancel.md"]}\nBe kind.\n` });
    expect(cancel["cancel"]).not.toBe(before["cancel"]);
    expect(cancel["refund"]).toBe(before["refund"]);
    const billing = versions({ ...uses, "connectors/billing.yaml": `${uses["connectors/billing.yaml"]}# changed\n` });
    expect(billing["cancel"]).not.toBe(before["cancel"]);
    expect(billing["refund"]).toBe(before["refund"]);
  });
});
