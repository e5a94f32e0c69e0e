import { describe, expect, it } from "vitest";
import type { Command } from "../../src/procedure/command.ts";
import { CANCEL as CANCEL_FILE, SUB, shop } from "./cancel.ts";
import { done, procedureScene } from "./scene.ts";

// A model that acts on branches whose conditions do not hold: the engine decides these, and no model.

const GET: Command = { kind: "use", operation: "billing.get_subscription", args: {} };
const HUSH: Command = { kind: "reply", text: "One moment." };
const hushes = [[HUSH], [HUSH], [HUSH], [HUSH]];

const placed = (text: string): string => {
  const lines = CANCEL_FILE.split("\n");
  const line = lines.findIndex((one) => one.includes(text));
  return `${line + 1}:${(lines[line]?.indexOf(text) ?? 0) + 1}`;
};

describe("what stands in a branch that is not open", () => {
  it.each<[string, Command]>([
    ["a sentence that tells of a success", { kind: "say", sentence: placed('"Your {{ sub.plan }} plan') }],
    ["a tag", { kind: "tag", tag: "churned" }],
    ["an outcome", { kind: "end", outcome: "cancelled" }],
    ["an outcome whose condition is not known yet", { kind: "end", outcome: "retained" }],
  ])("is not done at a model's wish: %s", (_name, command) => {
    const on = procedureScene(shop({ procedure: "cancel", model: [[GET], [command], ...hushes] }));
    const said = on.writes("please cancel my plan");
    expect(on.journal()).toContain("guard.only_if");
    expect(said.join("\n")).not.toMatch(/plan ends|outcome/);
    expect(on.play.state.tags).toEqual([]);
  });

  it("is done once its condition holds", () => {
    const stubs = { "billing.get_subscription": done({ ...SUB, status: "ended" }) };
    const model: Command[][] = [[GET], [{ kind: "end", outcome: "no_subscription" }]];
    const on = procedureScene(shop({ procedure: "cancel", model, stubs }));
    expect(on.writes("please cancel my plan")).toEqual(["outcome no_subscription"]);
  });

  it("sets no field", () => {
    const file = CANCEL_FILE.replace("fields:\n", "fields:\n  waived: { type: yes_no, from: set }\n").replace(
      "## Cancel\n",
      '## Waive\n\n- **If** `sub.plan == "Gold"`: `@set waived = true`.\n\n## Cancel\n',
    );
    const model: Command[][] = [[GET], [{ kind: "set", field: "waived" }], ...hushes];
    const on = procedureScene(shop({ procedure: "cancel", procedures: { cancel: file }, model }));
    on.writes("please cancel my plan");
    expect(on.journal()).toContain("guard.only_if");
    expect(on.run()?.stack[0]?.fields.waived).toBeUndefined();
  });
});

const VERIFY = `---
id: verify-identity
trigger: { when: Another procedure needs to know who writes. }
fields:
  email: { type: email, question: Which e-mail address does your account have? }
  on_file: { type: text, from: contact.phone }
---

# Make sure who is writing

## Compare

\`@ask email\`

- **If** \`email == on_file\`: \`@end verified\`.
- **Else**: \`@end not_verified\`.
`;

describe("a procedure for verified customers", () => {
  const procedures = {
    cancel: CANCEL_FILE.replace("id: cancel", "id: cancel\naudience: { requires: verified }"),
    other: CANCEL_FILE.replace("id: cancel", "id: other"),
    "verify-identity": VERIFY,
  };
  const began = (model: Command[][]) => {
    const on = procedureScene(shop({ procedure: "cancel", procedures, model: [...model, ...hushes] }));
    on.writes("please cancel my plan");
    return on;
  };

  it("is not got by a model that declares them verified", () => {
    const on = began([[{ kind: "end", outcome: "verified" }], [GET]]);
    expect(on.journal()).toContain("guard.only_if");
    expect(on.run()?.verified).toBe(false);
    expect(on.calls).toEqual([]);
  });

  it("calls nothing for a customer whose verification was left for something else", () => {
    const on = began([[{ kind: "switch", procedure: "other" }], [{ kind: "cancel" }], [GET]]);
    expect(on.run()?.stack.map(({ procedure }) => procedure)).toEqual(["cancel"]);
    expect(on.journal()).toContain("guard.identity");
    expect(on.calls).toEqual([]);
  });
});
