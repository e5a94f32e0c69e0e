import { expect, test } from "vitest";
import { run } from "./captured.ts";
import { contentFolder, GREETING, SETTINGS } from "./home.ts";

const CANCEL = `---
id: cancel
trigger: { when: They want to cancel., examples: [cancel it, stop my plan, I quit] }
fields:
  reason: { type: enum, values: [price, other], ask: Ask why. }
---

# Cancel a plan

## Ask

Find out \`@ask reason\`.

- **If** \`reason == "price"\`: go to [Offer](#offer).
- **Else if** they hesitate: \`@handoff front-line\`.
- **Else**: \`@end cancelled\`.

## Offer

Offer less, then \`@end kept\`.

## Aside: refunds

They can have one; \`@handoff front-line\` if they ask for more.
`;

const home = (): string =>
  contentFolder({
    "frontdesk.yaml": SETTINGS,
    "workflows/greeting.yaml": GREETING.replace(
      "steps:",
      "steps:\n  - if: contact.blocked\n    then: [{ stop: }]\n    else: [{ tag: seen }]",
    ),
    "procedures/cancel.md": CANCEL,
  });

test("a procedure is drawn with its steps, its branches and its ways out", async () => {
  const { code, out } = await run(["render", "cancel", "--home", home()]);
  expect(code).toBe(0);
  expect(out).toBe(`flowchart TD
  n0(["Cancel a plan"])
  n1["Ask<br/>ask reason"]
  n2["Offer"]
  n3[["refunds"]]
  n0 --> n1
  n1 -- "reason == #34;price#34;" --> n2
  n4(["handoff to front-line"])
  n1 -- "they hesitate" --> n4
  n5(["end: cancelled"])
  n1 -- "else" --> n5
  n6(["end: kept"])
  n2 --> n6
  n3 --> n4
`);
});

test("a workflow is drawn with its steps", async () => {
  const { code, out } = await run(["render", "greeting", "--home", home()]);
  expect(code).toBe(0);
  expect(out).toBe(`flowchart TD
  n0(["Greet<br/>on conversation.opened"])
  n1{"if contact.blocked"}
  n0 --> n1
  n2(["stop"])
  n1 -- "yes" --> n2
  n3["tag seen"]
  n1 -- "no" --> n3
  n4["say Hello"]
  n3 --> n4
  n5(["stop"])
  n4 --> n5
`);
});

test.each([
  [["render"], "Name one procedure"],
  [["render", "cancle"], 'did you mean "cancel"?'],
])("%j is wrong usage", async (argv, message) => {
  expect(await run([...argv, "--home", home()])).toMatchObject({
    code: 2,
    err: expect.stringContaining(message) as string,
  });
});

test("a folder with faults is not drawn", async () => {
  const faulty = contentFolder({ "frontdesk.yaml": SETTINGS, "procedures/a.md": "# A\n" });
  expect(await run(["render", "a", "--home", faulty])).toMatchObject({
    code: 2,
    err: expect.stringContaining("see frontdesk check") as string,
  });
});
