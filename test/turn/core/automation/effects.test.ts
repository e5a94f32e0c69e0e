import { describe, expect, it } from "vitest";
import { parse } from "../../../../src/procedure/parse.ts";
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

const BLOCK = `---
id: today
title: Today
status: live
trigger: { when: The customer asks for the date., examples: [what day is it] }
fields:
  day: { type: Day, from: day-of }
types:
  Day: { text: string }
---

# Today

## Tell

Tell them the day.

\`\`\`js day-of () -> Day
return { text: formatDate(now(), "en") };
\`\`\`
`;

it("a code block is asked for at the time of the event, whichever attempt runs it", () => {
  const { procedure, diagnostics } = parse(BLOCK, "procedures/today.md", {});
  if (procedure === null) return expect.unreachable(JSON.stringify(diagnostics));
  const live = release({ flow: FLOW("crm.get").replace("use: crm.get", "procedure: auto") });
  const play = scene(catalogOf({ ...live, procedures: [procedure] }), { at: Date.parse("2026-11-20T09:00:00Z") });
  play.writes("what day is it");
  expect(play.last.asks.map(({ request }) => request)).toEqual([
    { kind: "code", procedure: "today", block: "day-of", inputs: {}, now: "2026-11-20T09:00:10.000Z" },
  ]);
});

describe("a call on our own page", () => {
  it("is a trial, and elsewhere it is not", () => {
    const catalog = catalogOf(release({ flow: FLOW("crm.get, with: { key: '1' }") }));
    const page = { ...catalog, channel: (name: string) => ({ ...catalog.channel(name)!, trial: true as const }) };
    const requests = [page, catalog].map((one) => scene(one).writes("hello").asks[0]?.request);
    expect(requests[0]).toMatchObject({ kind: "call", sandbox: true });
    expect(requests[1]).not.toHaveProperty("sandbox");
  });
});
