/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format and always a list */
import { describe, expect, it } from "vitest";
import { cel, type Draft, inner, literal, said, template, texts, the, told, wrote } from "../build.ts";
import { answer, begin, say, tell } from "../walked.ts";

describe("use", () => {
  const look: Draft = {
    kind: "use",
    connector: "crm",
    operation: "get_account",
    with: { key: template("{{ contact.email }}") },
    save: "account",
    timeoutMs: 5_000,
    retry: { times: 2, waitMs: 2_000 },
  };
  const after: Draft = { kind: "say", text: texts("tier {{ account.tier }}") };
  const down = { ok: false, error: { reason: "timeout", message: "No answer within 5 s.", retryable: true } } as const;
  const refused = {
    ok: false,
    error: { reason: "ambiguous", message: "It may have happened.", retryable: false },
  } as const;

  it("calls with a key and saves the answer", () => {
    const called = begin([look, after]);
    expect(the(called, "call")).toMatchObject({
      connector: "crm",
      operation: "get_account",
      input: { key: "dana@acme.example" },
      timeoutMs: 5_000,
    });
    expect(said(answer(called, { ok: true, value: { tier: "pro" } }))).toEqual(["tier pro"]);
  });

  it("tries again with the same key, as often as the file says, then hands over", () => {
    let now = begin([look, after]);
    const keys = [the(now, "call").key];
    const asks = [the(now, "call").ask];
    for (const event of ["e2", "e4"]) {
      const failed = answer(now, down, { idPrefix: event });
      expect(the(failed, "alarm").afterMs).toBe(2_000);
      now = tell(failed, { kind: "alarm", alarm: the(failed, "alarm").alarm }, { idPrefix: `${event}9` });
      keys.push(the(now, "call").key);
      asks.push(the(now, "call").ask);
    }
    expect(new Set(keys).size).toBe(1);
    expect(new Set(asks).size).toBe(3);
    const over = answer(now, down, { idPrefix: "e6" });
    expect(the(over, "handoff").escalation).toBe("failure");
    expect(told(over)[0]).toBe("crm.get_account failed: No answer within 5 s.");
  });

  it("takes another key when the step is visited again", () => {
    const twice = begin([
      { ...look, id: "look" },
      { kind: "goto", target: "look" },
    ]);
    expect(the(answer(twice, { ok: true, value: {} }), "call").key).not.toBe(the(twice, "call").key);
  });

  // E4
  it("never repeats what may have happened, and tells people of it", () => {
    const failed = answer(begin([look]), refused);
    expect(the(failed, "handoff").escalation).toBe("failure");
    expect(the(failed, "note").text).toBe("crm.get_account failed: It may have happened.");
  });

  it("goes to on_error and on from there", () => {
    const caught = { ...look, retry: null, onError: inner([{ kind: "say", text: texts("sorry") }]) };
    expect(said(answer(begin([caught, after]), down))).toEqual(["sorry", "tier"]);
  });

  it("shows on_error what went wrong", () => {
    const gone = { reason: "not_found", name: "no_account", message: "There is none.", retryable: false } as const;
    const caught = { ...look, onError: inner([say("{{ error.reason }} {{ error.name }}: {{ error.says }}")]) };
    expect(said(answer(begin([caught]), { ok: false, error: gone }))).toEqual([
      "not_found no_account: crm.get_account failed: There is none.",
    ]);
  });

  it("lets a step around it catch the failure, but not its own on_error", () => {
    const inside = { ...look, retry: null, onError: inner([{ kind: "set", values: { now: literal(1) } }]) };
    const around: Draft = {
      kind: "if",
      condition: cel("true"),
      then: inner([inside]),
      onError: inner([{ kind: "say", text: texts("caught") }]),
    };
    expect(said(answer(begin([around]), down))).toEqual(["caught"]);
  });

  it("keeps quiet about answers and words that it does not wait for", () => {
    const called = begin([look]);
    const foreign = tell(called, { kind: "answer", ask: "e9.other", result: { ok: true, value: 1 } });
    expect(foreign).toEqual({ run: called.run, effects: [] });
    expect(tell(called, { kind: "alarm", alarm: "nobody's" })).toEqual({ run: called.run, effects: [] });
    expect(tell(called, wrote("hello?"))).toEqual({ run: called.run, effects: [] });
  });
});
