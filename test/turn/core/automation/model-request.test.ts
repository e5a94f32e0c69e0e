import { describe, expect, it } from "vitest";
import { readRequest } from "../../../../src/turn/core/ask.ts";
import { shop } from "../../../procedure/cancel.ts";
import { procedureScene } from "../../../procedure/scene.ts";

/** Requests to the model in a conversation in which it asks why, and then looks up. */
function requests() {
  const model = [
    [{ kind: "start", procedure: "cancel" }],
    [{ kind: "ask", field: "reason" }],
    [{ kind: "reply", text: "I see." }],
  ] as const;
  const on = procedureScene(shop({ model }));
  on.writes("please cancel my plan");
  on.writes("hm, difficult to say");
  return on.requests;
}

describe("a request to a model", () => {
  it("has what the model is told: the procedure's state, the customer, the channel and the place in the transcript", () => {
    const [first, second] = requests();
    expect(first).toMatchObject({
      kind: "model",
      runId: expect.stringMatching(/^e\d+/),
      run: { stack: [], heard: ["please cancel my plan"] },
      facts: { conversation: { id: 3, channel: "chat" }, verified: false, now: expect.any(String) },
      channel: { name: "chat", maxCharacters: expect.any(Number), markdown: expect.any(Boolean) },
      until: expect.any(Number),
    });
    expect(second).toMatchObject({ run: { stack: [{ procedure: "cancel" }] }, until: first?.until });
    expect(second?.runId).toBe(first?.runId);
  });

  it("has only the latest words, since the transcript has them all", () => {
    const last = requests().at(-1);
    expect(last?.run.heard).toEqual(["hm, difficult to say"]);
    expect(Object.keys(last?.run ?? {}).toSorted()).toEqual([
      "counted",
      "exchange",
      "heard",
      "pending",
      "replies",
      "stack",
      "used",
      "verified",
    ]);
  });

  it("is read from its row as it was", () => {
    for (const request of requests()) expect(readRequest(JSON.parse(JSON.stringify(request)))).toEqual(request);
  });
});
