import { expect, it } from "vitest";
import { isForCustomer } from "../../../../src/turn/core/outcome.ts";
import { catalogOf, release, scene, toCustomer } from "../../scene.ts";

const SHIPPING = `
title: Shipping
status: live
on: conversation.opened
steps:
  - ask: How do you want it?
    save: how
    options: { pick: Pick it up, with: With delivery, later: Decide later, without: Without delivery }
  - tag: "how:{{ how }}"
`;
const NAME = `
title: Name
status: live
on: conversation.opened
steps:
  - ask: What is your name?
    save: name
  - say: "Hello {{ name }}."
`;

const atQuestion = (text: string, channel = "text") => {
  const play = scene(catalogOf(release({ w: text })), { channel });
  play.writes("hello");
  return play;
};

it("an ambiguous answer is asked about with just its two options, under their numbers", () => {
  const play = atQuestion(SHIPPING);
  play.writes("withot delivery");
  expect(toCustomer(play.last)).toEqual([
    "Did you mean “With delivery” or “Without delivery”?\n\nHow do you want it?\n\n" +
      "2) With delivery\n4) Without delivery\n0) Talk to a person\n\nReply with a number.",
  ]);
});

it.each([
  ["4", "how:without"],
  ["2", "how:with"],
  ["the last one", "how:without"],
  ["without delivery", "how:without"],
  ["Decide later", "how:later"],
])("after that %j means %s", (answer, tag) => {
  const play = atQuestion(SHIPPING);
  play.writes("withot delivery");
  play.writes(answer);
  expect(play.state.tags).toEqual([tag]);
});

it("the two options get buttons, and the first question's still count", () => {
  const play = atQuestion(SHIPPING, "chat");
  play.writes("withot delivery");
  const parts = play.last.tells.flatMap((tell) => (isForCustomer(tell) ? tell.parts : []));
  expect(parts.at(-1)?.options?.map(({ id }) => id)).toEqual(["with", "without", "person"]);
  play.presses("pick");
  expect(play.state.tags).toEqual(["how:pick"]);
});

it.each(["Pat", "my name is Pat", "2 lamps, please", "talk", "the last one", "7"])(
  "any text answers a question without options: %j",
  (text) => {
    const play = atQuestion(NAME);
    play.writes(text);
    expect(toCustomer(play.last)).toEqual([`Hello ${text}.`]);
  },
);

it.each(["0", "Talk to a person", "can I speak to someone?"])("%j asks for a person there, too", (text) => {
  const play = atQuestion(NAME);
  expect(toCustomer(play.last)).toEqual(["What is your name?\n\n0) Talk to a person"]);
  play.writes(text);
  expect(play.state.case?.held).toBe(true);
});
