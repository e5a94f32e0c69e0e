import { describe, expect, it } from "vitest";
import { catalogOf, DANA, FROM, release, scene } from "../../scene.ts";

const FLOW = (use: string) => `
title: Flow
status: live
on: [conversation.opened]
steps: [{ use: ${use} }]
`;

function asked(use: string, contact: object = {}) {
  const play = scene(catalogOf(release({ flow: FLOW(use) })));
  const from = { ...FROM, contact: { ...DANA, ...contact } };
  play.happens({ kind: "message", message: 1, text: "hello", attachments: [], from });
  return play.last.asks[0]?.request;
}

describe("a call of a workflow", () => {
  it("carries the contact's identity apart from its input, for the operations that need it", () => {
    expect(asked("crm.own", { attributes: { plan: "pro", other: 1 } })).toMatchObject({
      input: {},
      identity: { id: "+15550111", plan: "pro" },
    });
    expect(asked("crm.get, with: { key: '1' }")).not.toHaveProperty("identity");
  });

  it("leaves out what the contact does not have", () => {
    expect(asked("crm.own", { attributes: { plan: { name: "pro" } } })).toMatchObject({
      identity: { id: "+15550111" },
    });
    expect(asked("crm.own", { phone: "", attributes: { plan: 7 } })).toMatchObject({ identity: { plan: "7" } });
  });
});

it("what a call's input says of the identity is not sent", () => {
  const live = release({ flow: FLOW("crm.get, with: { key: '1' }") });
  const get = live.operations.get("crm.get");
  if (get === undefined) return expect.unreachable();
  const operations = new Map([["crm.get", { ...get, input: {}, identity: { key: "phone" } }]]);
  const play = scene(catalogOf({ ...live, operations }));
  play.writes("hello");
  const request = expect.objectContaining({ input: {}, identity: { key: DANA.phone } }) as unknown;
  expect(play.last.asks[0]?.request).toEqual(request);
});

it("an input that the contact fills can't be given by a workflow", () => {
  expect(() => release({ flow: FLOW("crm.own, with: { id: '1' }") })).toThrow(
    "id is filled from the contact, whatever a workflow says; remove it here",
  );
});
