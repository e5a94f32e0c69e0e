import { expect, it } from "vitest";
import type { TransitionOutcome } from "../../../../src/turn/core/outcome.ts";
import { catalogOf, codes, DANA, FROM, kinds, release, scene, toCustomer } from "../../scene.ts";

// I9: a name that comes after the message is taken over, and people see it.

const PEOPLE = "title: P\nstatus: live\non: conversation.opened\nsteps: [{ handoff: billing }]\n";
const NAMELESS = { ...DANA, name: "", first_name: "", phone: "", email: "", language: "" };
const nameless = { ...FROM, displayName: "", contact: NAMELESS };

const cards = ({ tells }: TransitionOutcome): string[] =>
  tells.flatMap((tell) => (tell.kind === "desk" && tell.part.kind === "card" ? [tell.part.card.customer] : []));

function open({ workflow = PEOPLE, text = "hello" } = {}) {
  const on = scene(catalogOf(release({ w: workflow })));
  const first = on.happens({ kind: "message", message: 1, text, attachments: [], from: nameless });
  return { on, first };
}

it("the case's card shows the name, once", () => {
  const { on, first } = open();
  expect(cards(first)).toEqual(["Unknown customer"]);
  expect(cards(on.happens({ kind: "named", contact: DANA }))).toEqual(["Dana Smith"]);
  expect(on.state.contact).toMatchObject({ name: "Dana Smith", first_name: "Dana" });
  expect(on.happens({ kind: "named", contact: DANA }).tells).toEqual([]);
});

it("a message that carries the name shows it, too", () => {
  const { on } = open();
  const next = on.happens({ kind: "message", message: 2, text: "again", attachments: [], from: FROM });
  expect(cards(next)).toEqual(["Dana Smith"]);
  expect(kinds(on.happens({ kind: "named", contact: DANA }))).toEqual([]);
});

it("without a case nothing is shown; the next text has the name, even if its message was stored without", () => {
  const workflow = `title: G
status: live
on: [conversation.opened, message.received]
steps: [{ say: "Hi {{ contact.first_name | default: 'there' }}!" }]
`;
  const { on, first } = open({ workflow });
  expect(toCustomer(first)).toEqual(["Hi there!"]);
  expect(on.happens({ kind: "named", contact: DANA }).tells).toEqual([]);
  const next = on.happens({ kind: "message", message: 2, text: "again", attachments: [], from: nameless });
  expect(toCustomer(next)).toEqual(["Hi Dana!"]);
});

it("somebody else of the thread is not taken for the customer", () => {
  const { on } = open();
  const other = on.happens({ kind: "named", contact: { ...DANA, id: DANA.id + 1, name: "Kim" } });
  expect(codes(other)).toEqual(["contact.other"]);
  expect(on.state.contact.name).toBe("");
});

it("the language that they write stays theirs", () => {
  const { on } = open({ text: "Ich habe eine Frage zu meiner Rechnung" });
  on.happens({ kind: "named", contact: { ...DANA, language: "en" } });
  expect(on.state.contact.language).toBe("de");
});
