import { describe, expect, it } from "vitest";
import { type Draft, deeds, facts, said, texts, told } from "../build.ts";
import { begin } from "../walked.ts";

describe("say", () => {
  const both = { en: "Hi {{ contact.first_name }}", de: "Hallo {{ contact.first_name }}" };
  it.each([
    [["en"], "Hi Dana"],
    [["de"], "Hallo Dana"],
    [["de-AT", "en"], "Hallo Dana"],
    [["fr", "de"], "Hallo Dana"],
    [["fr"], "Hi Dana"],
  ])("speaks the first language of %j it has", (languages, words) => {
    expect(said(begin([{ kind: "say", text: texts(both) }], { languages }))).toEqual([words]);
  });

  it("prefers a text without a language to a foreign one", () => {
    expect(said(begin([{ kind: "say", text: texts({ de: "Hallo", "": "Hey" }) }]))).toEqual(["Hey"]);
  });

  it("takes the variant of the channel", () => {
    const step: Draft = { kind: "say", text: texts("long"), perChannel: { sms: texts("short") } };
    expect(said(begin([step]))).toEqual(["short"]);
    const slack = { ...facts().conversation, channel: "slack" };
    expect(said(begin([step], { conversation: slack }))).toEqual(["long"]);
    const odd = { ...facts().conversation, channel: "constructor" };
    expect(said(begin([step], { conversation: odd }))).toEqual(["long"]);
  });

  it("says nothing where the text is empty, and ends", () => {
    const result = begin([{ kind: "say", text: texts("{{ nothing }}") }]);
    expect(deeds(result)).toEqual([]);
    expect(result.run).toBeNull();
    expect(told(result)).toEqual([
      "Started the workflow “greet” on conversation.opened",
      "Said nothing, because the text was empty",
      "The workflow ended",
    ]);
  });
});
