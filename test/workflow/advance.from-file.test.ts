import { describe, expect, it } from "vitest";
import { advance, start } from "../../src/workflow/advance.ts";
import type { Step, Workflow } from "../../src/workflow/definition.ts";
import { parse } from "../../src/workflow/parse.ts";
import type { Advanced, Facts, RunInput } from "../../src/workflow/run.ts";
import { stepPositions } from "../../src/workflow/step-positions.ts";
import { chose, deeds, facts, going, said, the, told, wrote } from "./build.ts";

const FIRST_CONTACT = `
id: first-contact
title: Greet, find the topic, route
on: [conversation.opened, conversation.reopened]
if: "!contact.blocked"
steps:
  - say:
      en: 'Hi {{ contact.first_name | default: "there" }}, this is Acme support.'
      de: 'Hallo {{ contact.first_name }}, hier ist der Acme-Support.'
  - ask: { en: What can we help you with?, de: Worum geht es? }
    id: menu
    save: topic
    options:
      billing: { en: A charge or an invoice, de: Eine Rechnung }
      order:
        label: { en: An order, de: Eine Bestellung }
        then:
          - workflow: order-details
            with: { asked_by: "{{ contact.first_name }}" }
          - note: "Order {{ order.number }}, {{ order.items }} items, for {{ asked_by }}"
      again: { label: { en: Something else, de: Etwas anderes }, then: [{ goto: menu }] }
    free_text: match
    remind_after: 10m
    give_up_after: 24h
    on_give_up:
      - close: { say: { en: We close this for now., de: Wir schließen das vorerst. }, resolution: abandoned }
  - tag: "topic:{{ topic }}"
  - use: crm.get_account
    if: topic == "billing"
    with: { key: "{{ contact.email }}" }
    save: account
    timeout: 5s
    retry: { times: 1, wait: 2s }
    on_error:
      - if: error.name == "no_account"
        then: [{ set: { account.tier: free } }]
        else: [{ note: "Look-up failed: {{ error.says }}" }]
  - switch: topic
    cases:
      billing:
        - if: account.tier == "enterprise"
          then:
            - handoff: enterprise
              priority: high
              say: { en: One moment please., de: Einen Moment bitte. }
              summary: "{{ contact.name }} about {{ topic }}"
          else:
            - say: { en: Let us see., de: Wir sehen nach. }
            - wait: 1h
              unless: replied
            - handoff: front-line
    else: [{ stop: true }]
`;

const ORDER_DETAILS = `
id: order-details
on: manual
steps:
  - collect:
    save: order
    fields:
      number: { type: "id(AC-[0-9]{4})", ask: { en: Which order?, de: Welche Bestellung? }, retries: 1 }
      items: { type: number, ask: { en: How many items?, de: Wie viele Artikel? }, check: "value >= 1", check_say: { en: At least one., de: Mindestens einer. } }
`;

function read(source: string): Workflow {
  const { workflow, diagnostics } = parse(source, "it.yaml");
  if (workflow === null) throw new Error(JSON.stringify(diagnostics, null, 1));
  return workflow;
}

const files: Readonly<Record<string, Workflow>> = {
  "first-contact": read(FIRST_CONTACT),
  "order-details": read(ORDER_DETAILS),
};
const find = (id: string): Workflow | null => files[id] ?? null;
const first = files["first-contact"] as Workflow;

const begin = (change: Partial<Facts> = {}): Advanced =>
  start(first, { id: "e1.0", release: 1, trigger: "conversation.opened", depth: 0, facts: facts(change), find });
let events = 1;
const tell = (before: Advanced, input: RunInput, change: Partial<Facts> = {}): Advanced =>
  advance(going(before), input, { facts: facts({ idPrefix: `e${++events}`, ...change }), find });
type Result = Extract<RunInput, { kind: "answer" }>["result"];
const answer = (before: Advanced, result: Result): Advanced =>
  tell(before, { kind: "answer", ask: the(before, "call").ask, result });
const failed = (name: string, retryable: boolean): Result => ({
  ok: false,
  error: { reason: "not_found", name, message: "No.", retryable },
});

const count = (steps: readonly Step[]): number => JSON.stringify(steps).split('"onError":').length - 1;

describe("a workflow from its file", () => {
  it("gives each step a path of its own", () => {
    for (const workflow of Object.values(files))
      expect(stepPositions(workflow).byPath.size).toBe(count(workflow.steps));
  });

  it("greets and asks, in the customer's language", () => {
    expect(said(begin())).toEqual(["Hi Dana, this is Acme support."]);
    const german = begin({ languages: ["de"] });
    expect(said(german)).toEqual(["Hallo Dana, hier ist der Acme-Support."]);
    expect(the(german, "prompt").options.map(({ n, label }) => `${n}) ${label}`)).toEqual([
      "1) Eine Rechnung",
      "2) Eine Bestellung",
      "3) Etwas anderes",
      "0) Mit einem Menschen sprechen",
    ]);
    expect(german.effects.flatMap((one) => (one.kind === "alarm" ? [one.afterMs] : []))).toEqual([600_000, 86_400_000]);
  });

  it("routes an enterprise customer's invoice to its queue", () => {
    const called = tell(begin(), chose("billing"));
    expect(the(called, "tag").tags).toEqual(["topic:billing"]);
    expect(the(called, "call")).toMatchObject({ input: { key: "dana@acme.example" }, timeoutMs: 5_000 });
    const routed = answer(called, { ok: true, value: { tier: "enterprise" } });
    expect(deeds(routed)).toEqual([
      {
        kind: "handoff",
        queue: "enterprise",
        priority: "high",
        say: "One moment please.",
        summary: "Dana Smith about billing",
        escalation: "policy",
        known: { account: { tier: "enterprise" }, choice: "billing", topic: "billing" },
      },
    ]);
    expect(told(routed)).toEqual([
      "crm.get_account answered, saved as account",
      'topic was "billing", so took the case billing',
      'The condition account.tier == "enterprise" was true, so went on with its steps',
    ]);
  });

  it("goes on where there is no account, and waits unless the customer writes", () => {
    const called = tell(begin(), chose("billing"));
    const waiting = answer(called, failed("no_account", false));
    expect(said(waiting)).toEqual(["Let us see."]);
    expect(going(waiting).values["account"]).toEqual({ tier: "free" });
    expect(the(tell(waiting, wrote("and?")), "handoff").queue).toBe("front-line");
  });

  it("tries a failing look-up again, then notes it", () => {
    const once = answer(tell(begin(), chose("billing")), failed("", true));
    const again = tell(once, { kind: "alarm", alarm: the(once, "alarm").alarm });
    const twice = answer(again, failed("", true));
    expect(the(twice, "note").text).toBe("Look-up failed: crm.get_account failed: No.");
  });

  it("fills in the form of a called workflow, then takes the steps after it", () => {
    const asked = tell(begin(), chose("order"));
    const wrong = tell(tell(asked, wrote("AC-1234")), wrote("0"));
    expect(the(wrong, "prompt").text).toBe("At least one.\n\nHow many items?");
    const done = tell(wrong, wrote("three? no, 3"));
    expect(the(done, "note").text).toBe("Order AC-1234, 3 items, for Dana");
    expect(told(done)).toContain("Stopped the workflow");
    expect(done.run).toBeNull();
  });

  it("asks again on goto, and closes where nobody answers", () => {
    const again = tell(begin(), chose("again"));
    const { prompt } = the(again, "prompt");
    const closed = tell(again, { kind: "alarm", alarm: `${prompt}:giveup` });
    expect(the(closed, "close")).toMatchObject({ say: "We close this for now.", resolution: "abandoned" });
  });
});
