import { choose } from "../../../adapter/choose/choose.ts";
import { PERSON_OPTION } from "../../../domain/option.ts";

// Two more options, so that "the last one" does not mean the person.
const options = [
  { n: 0, id: PERSON_OPTION, label: "", aliases: [] },
  { n: 1, id: "one", label: "", aliases: [] },
  { n: 2, id: "two", label: "", aliases: [] },
];

/** True when a text asks for a person and nothing else ("Can I talk to a human?"). */
export function asksForPerson(text: string): boolean {
  const choice = choose(text, { id: "", options, languages: ["en", "de"] });
  return choice.option === PERSON_OPTION && choice.via !== "number";
}
