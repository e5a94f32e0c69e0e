import { describe, expect, it } from "vitest";
import { amend } from "../../src/turn/amend.ts";
import { type EventRow, readEvent } from "../../src/turn/journal.ts";

// Rows of an earlier version, in which `content` is called `said`, can still be read.

const AT = "2026-11-20T10:00:00.000Z";
const DANA = { id: 7, name: "Dana Smith", email: "", phone: "", language: "", blocked: false, attributes: {} };
const from = { address: "dana", displayName: "Dana", trust: "asserted" };
const ALEX = { id: "alex", name: "Alex" };

type Written = { id?: number; kind: string; content: object; more?: object };
const row = (name: "content" | "said", { id = 1, kind, content, more }: Written): EventRow => ({
  id,
  at: AT,
  kind,
  payload: { message: 5, contact: DANA, ...more, [name]: content },
});

describe("a row of an earlier version", () => {
  it.each<[string, Written, object]>([
    ["a message", { kind: "message", content: { text: "hello", attachments: [], from } }, { text: "hello" }],
    [
      "a pressed option",
      { kind: "choice", content: { text: "Yes", promptId: "e1.p0", optionId: "yes", from } },
      { promptId: "e1.p0", optionId: "yes" },
    ],
    [
      "an opt-out",
      { kind: "opt_out", content: { text: "STOP", attachments: [], ours: "+15550100", from } },
      { ours: "+15550100" },
    ],
    ["an edit", { kind: "edit", content: { text: "hallo", ref: "m1", amends: "edit", from } }, { text: "hallo" }],
    [
      "an operator's action",
      { kind: "operator", content: { operator: ALEX, command: { kind: "claim" } }, more: { queues: ["billing"] } },
      { operator: ALEX, command: { kind: "claim" }, queues: ["billing"] },
    ],
    [
      "words in a case's thread",
      { kind: "operator", content: { text: "on it", ref: "m2", from: { ...from, address: "alex" } } },
      { operator: { id: "alex", name: "Dana" }, command: { kind: "say", text: "on it", ref: "m2", shown: true } },
    ],
  ])("with %s is read like a current one", (_, written, holds) => {
    const earlier = readEvent(row("said", written));
    expect(earlier).toMatchObject({ kind: written.kind, ...holds });
    expect(earlier).toEqual(readEvent(row("content", written)));
  });

  it.each<["content" | "said", "content" | "said"]>([
    ["said", "said"],
    ["said", "content"],
    ["content", "content"],
  ])("is changed before it is handled: %s by %s", (message, edit) => {
    const rows = amend([
      row(message, { id: 1, kind: "message", content: { text: "it is 12", attachments: [], from } }),
      row(edit, { id: 2, kind: "edit", content: { text: "it is 13", ref: "m1", amends: "edit", from } }),
    ]);
    expect(rows.map(readEvent)).toMatchObject([
      { kind: "message", text: "it is 13", from: { address: "dana" } },
      { kind: "edit", text: "it is 13", early: true },
    ]);
  });
});
