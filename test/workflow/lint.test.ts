import { describe, expect, test } from "vitest";
import { CODES } from "../../src/workflow/codes.ts";
import { lint } from "../../src/workflow/lint.ts";
import { parse } from "../../src/workflow/parse.ts";
import { faults, steps, world } from "./linted.ts";
import { marked } from "./marked.ts";

const greeting = "id: greeting\non: manual\nsteps: [{ say: Hello }]\n";

test.each(["constructor.name", "toString.call", "__proto__.x", "crm.constructor", "valueOf.valueOf"])(
  "a call of %s, which every object has, is one of nothing that is there",
  (name) => {
    const found = faults(
      `id: a\non: conversation.opened\nsteps:\n  - use: ${name}\n    save: y\n  - say: "{{ y.z }}"\n`,
    );
    expect(found.filter((one) => !one.endsWith("W115"))).toEqual([expect.stringMatching(/^4:\d+ W(?:015|102|103)$/)]);
  },
);

const CASES: readonly [code: string, file: string, ...others: string[]][] = [
  ["W001", steps("  - say: [a, b¦")],
  ["W001", "¦"],
  ["W001", "id: a\n¦\tb: 1"],
  ["W002", steps("  - say: ¦Note: we are closed\n")],
  ["W002", steps("  - say: ¦{{ contact.name }}\n")],
  ["W002", steps("  - say: ¦{{ contact.name }}, hello\n")],
  ["W002", steps("  - say: ¦@all of you\n")],
  ["W003", steps("  - if: ¦!contact.blocked\n    say: Hello\n")],
  ["W003", steps("  - say: ¦&hello Hello\n")],
  ["W003", steps("  - say: ¦*hello\n")],
  ["W004", "id: a\n¦id: b\non: manual\nsteps: [stop]\n"],
  ["W005", "id: a\n¦titel: b\non: manual\nsteps: [{ say: x }]\n"],
  ["W005", steps("  - say: Hello\n    ¦sve: x\n")],
  ["W006", "¦id: a\non: manual\n"],
  ["W006", steps("  - ¦wait: { unless: replied }\n")],
  ["W006", "id: a\non: ¦conversation.idle\nsteps: [{ say: x }]\n"],
  ["W007", "id: a\non: manual\nsteps: ¦hello\n"],
  ["W007", steps("  - handoff: ¦[leads]\n")],
  ["W008", steps("  - ¦classify: message.text\n")],
  ["W008", "id: a\non: ¦webhook\nsteps: [{ say: x }]\n"],
  ["W008", steps("  - ask: Which?\n    free_text: ¦model\n")],
  ["W009", steps("  - ¦sya: Hello\n")],
  ["W010", "id: a\non: [¦conversation.opend]\nsteps: [{ say: x }]\n"],
  ["W011", steps("  - if: contact.name ¦= 'x'\n    say: Hello\n")],
  ["W011", steps("  - if: contact¦.blokd\n    say: Hello\n").replace("¦.blokd", ".¦blokd")],
  ["W011", steps("  - if: ¦contact.name\n    say: Hello\n")],
  ["W012", steps("  - say: 'Hi {{ contact.name | ¦upcas }}'\n")],
  ["W012", steps(`  - say: 'It is {{ ¦"now" | date: "%H" }}'\n`)],
  ["W012", steps("  - say: 'One of {{ contact.attributes.a | ¦sample }}'\n")],
  ["W013", steps("  - wait: ¦10 minutes\n")],
  ["W014", "id: a\nstatus: ¦life\non: manual\nsteps: [{ say: x }]\n"],
  ["W014", steps("  - handoff: leads\n    priority: ¦hgih\n")],
  ["W015", steps("  - set: { ¦contact: x }\n")],
  ["W015", steps("  - set: { ¦a.__proto__.polluted: 1 }\n")],
  ["W015", steps("  - say: A\n    id: x\n  - say: B\n    id: ¦x\n")],
  ["W017", steps("  - if: contact.name.matches('¦^(a+)+$')\n    say: Hello\n")],
  ["W017", steps("  - if: l.exists(x, x.matches(¦topic))\n    say: Hello\n")],
  ["W018", steps(`  - say: '¦${"{% for a in b %}".repeat(3)}${"{% endfor %}".repeat(3)}'\n`)],
  ["W018", steps(`  - if: ¦${"x".repeat(2_001)}\n    say: Hello\n`)],
  ["W017", steps("  - collect:\n      fields: { a: { type: id(¦(a|a)*), ask: A } }\n")],
  [
    "W015",
    "id: a\non:\n  - message.received: { matches: contact.blocked }\n  - ¦message.received\nsteps: [{ say: x }]\n",
  ],
  [
    "W015",
    "id: a\non:\n  - conversation.idle: { for: 1h }\n  - ¦conversation.idle: { for: 24h }\nsteps: [{ say: x }]\n",
  ],
  ["W016", steps("  - say: Hello\n    ¦ask: Who are you?\n")],
  ["W101", steps("  - handoff: ¦frontline\n")],
  ["W102", steps("  - use: ¦crn.get_account\n    with: { email: x }\n")],
  ["W103", steps("  - use: ¦crm.get_acount\n    with: { email: x }\n")],
  ["W104", steps("  - workflow: ¦greting\n"), greeting],
  ["W105", steps("  - ask: Who?\n    id: again\n  - goto: ¦agian\n")],
  ["W106", "id: a\non: manual\nchannels: [sms, ¦smss]\nsteps: [{ say: x }]\n"],
  ["W106", steps("  - say: Hello\n    per_channel: { ¦slak: Hi }\n")],
  ["W107", steps("  - use: ¦crm.get_account\n")],
  ["W108", steps("  - use: crm.get_account\n    with: { email: x, ¦limti: 3 }\n")],
  ["W109", steps("  - use: crm.get_account\n    with: { email: x, limit: ¦many }\n")],
  ["W109", steps("  - use: crm.get_account\n    with: { email: x, since: ¦yesterday }\n")],
  ["W109", steps("  - use: crm.get_account\n    with: { email: x, tags: ¦[1] }\n")],
  ["W110", steps("  - stop:\n  - ¦say: Hello\n")],
  ["W110", steps("  - if: contact.blocked\n    then: [stop]\n    else: [{ handoff: leads }]\n  - ¦say: Hello\n")],
  ["W111", steps("  - ¦ask: Which?\n    person: false\n    free_text: refuse\n    options: { a: A }\n")],
  ["W111", steps("  - ¦ask: Which?\n    free_text: refuse\n")],
  ["W112", steps("  - ask: Which?\n    ¦options: { a: A, b: B, c: C, d: D }\n")],
  ["W113", steps("  - ask: Which?\n    options:\n      a: ¦A label of more than twenty letters\n")],
  ["W114", steps("  - ask: Which?\n    options:\n      end: ¦Stop\n")],
  ["W114", steps("  - ask: Which?\n    options:\n      - id: ok\n        label: ¦Okay\n        aliases: [yes]\n")],
  ["W115", steps("  - say: 'Hi {{ ¦nmae }}'\n")],
  ["W115", steps("  - say: 'Hi {{ ¦contact.fist_name }}'\n")],
  ["W115", steps("  - if: ¦topic == 'a'\n    say: A\n  - ask: Which?\n    save: topic\n    options: { a: A }\n")],
  [
    "W115",
    steps("  - use: crm.get_account\n    with: { email: x }\n    save: account\n  - say: '{{ ¦account.teir }}'\n"),
  ],
  [
    "W115",
    steps("  - use: crm.get_account\n    with: { email: x }\n    on_error:\n      - say: '{{ ¦error.saus }}'\n"),
  ],
  ["W115", steps("  - say: '{{ ¦error.says }}'\n")],
  [
    "W115",
    steps(
      "  - collect: { fields: { number: { type: text, ask: Which? } } }\n    save: order\n  - say: '{{ ¦order.nmuber }}'\n",
    ),
  ],
  [
    "W115",
    steps(
      "  - use: crm.get_account\n    with: { email: x }\n    save: account\n    on_error:\n      - set: { account.tier: unknown }\n  - say: '{{ ¦account.teir }}'\n",
    ),
  ],
  ["W116", steps("  - say: { en: Hello, de: Hallo }\n  - say: ¦{ en: Bye }\n")],
  ["W117", steps("  - say: Hello\n    id: again\n  - ¦goto: again\n")],
  ["W117", steps("  - if: contact.blocked\n    id: again\n    then: [{ wait: 1h }]\n  - ¦goto: again\n")],
  [
    "W118",
    steps('  - ask: Which?\n    save: topic\n    options: { billing: A }\n  - if: topic == ¦"bilng"\n    say: A\n'),
  ],
  [
    "W118",
    steps(
      "  - ask: Which?\n    save: topic\n    options: { billing: A }\n  - switch: topic\n    cases:\n      ¦biling: [{ say: A }]\n",
    ),
  ],
  [
    "W118",
    steps(
      "  - ask: Which?\n    save: topic\n    options: { a: A }\n  - set: { issue.kind: '{{ topic }}' }\n  - switch: issue.kind\n    cases:\n      ¦b: [{ say: A }]\n",
    ),
  ],
  [
    "W118",
    steps(
      '  - use: crm.get_account\n    with: { email: x }\n    save: account\n  - if: account.tier == ¦"entreprise"\n    say: A\n',
    ),
  ],
  [
    "W118",
    steps(
      "  - ask: Which?\n    save: topic\n    options: { a: A }\n  - switch: topic\n    cases:\n      ¦a.b: [{ say: A }]\n",
    ),
  ],
  ["W119", "id: a\non: conversation.closed\nsteps:\n  - ¦ask: How was it?\n"],
  ["W120", steps("  - workflow: ¦b\n"), "id: b\non: manual\nsteps: [{ workflow: a }]\n"],
  ["W120", steps("  - workflow: ¦a\n")],
  ["W122", steps("  - say: { en: Hello }\n  - say: ¦Bye\n")],
  ["W123", steps("  - procedure: ¦cancel-subscripton\n")],
  ["T001", steps("  - ask: One?\n  - say: Aha\n  - ask: Two?\n  - ¦ask: Three?\n")],
];

describe("a faulty workflow", () => {
  test.each(CASES)("earns %s at its place: %s", (code, file, ...others) => {
    const { source, at } = marked(file);
    expect(faults(source, ...others)).toEqual([`${at} ${code}`]);
  });

  test("has a case for every code", () => {
    // W121 compares two files, so it is tested with the content folder.
    const missing = CODES.map(({ code }) => code).filter(
      (code) => code !== "W121" && !CASES.some(([known]) => known === code),
    );
    expect(missing).toEqual([]);
  });
});

describe("a sound workflow", () => {
  const SOUND: readonly [string, string, ...string[]][] = [
    [
      "a goto back to a question",
      steps(
        "  - ask: Again?\n    id: again\n    save: more\n    options: { y: Sure, n: Never }\n  - if: more == 'y'\n    goto: again\n",
      ),
    ],
    ["a step after a goto that is a target itself", steps("  - goto: end\n  - say: Hello\n    id: end\n")],
    [
      "a value that a later step sets before a jump back",
      steps(
        "  - ask: Again?\n    id: top\n    options: { y: Sure }\n  - say: '{{ seen }}'\n  - set: { seen: '1' }\n  - goto: top\n",
      ),
    ],
    [
      "a value that a called workflow sets",
      steps("  - workflow: b\n  - say: '{{ from_b }}'\n"),
      "id: b\non: manual\nsteps: [{ set: { from_b: '1' } }]\n",
    ],
    [
      "a value that the caller hands over",
      steps("  - say: '{{ handed }}'\n"),
      "id: b\non: manual\nsteps: [{ workflow: a, with: { handed: '1' } }]\n",
    ],
    ["a queue with a dash, asked for in brackets", steps(`  - if: queue["front-line"].open\n    say: Hello\n`)],
    ["an unless that is only a condition", steps("  - if: contact.blocked\n    stop:\n  - say: Hello\n")],
    ["an alias of a loop variable", steps("  - if: conversation.tags.exists(t, t == 'vip')\n    say: Hello\n")],
    ["a reserved word inside a label", steps("  - ask: Which?\n    options: { a: Stop my plan }\n")],
    [
      "a choice among the last question's options",
      steps("  - ask: Which?\n    options: { a: A }\n  - switch: choice\n    cases: { a: [{ say: A }] }\n"),
    ],
    ["a goto round a wait", steps("  - say: Hello\n    id: again\n  - wait: 1h\n  - goto: again\n")],
    [
      "a goto round a called workflow, which may wait",
      steps("  - workflow: b\n    id: again\n  - goto: again\n"),
      "id: b\non: manual\nsteps: [{ ask: Who? }]\n",
    ],
    [
      "a form that reads its own answers",
      steps(
        "  - collect:\n      fields:\n        n: { type: number, ask: How many?, check: value > 1 }\n        why: { type: text, ask: 'Why {{ n }}?' }\n",
      ),
    ],
    ["a text assigned in the template", steps("  - say: '{% assign x = contact.name %}{{ x }}'\n")],
  ];
  test.each(SOUND)("%s", (_, file, ...others) => {
    expect(faults(file, ...others)).toEqual([]);
  });
});

test("a slip is met with what was meant", () => {
  const source = steps("  - handoff: front-lien\n");
  const [found] = lint(parse(source, "workflows/0.yaml").workflow!, world(source));
  expect(found?.message).toBe('frontdesk.yaml has no queue "front-lien" (did you mean "front-line"?)');
});

test("a queue's dash read as a minus is explained", () => {
  const source = steps("  - if: queue.front-line.open\n    say: Hello\n");
  const [found] = lint(parse(source, "workflows/0.yaml").workflow!, world(source));
  expect(found?.message).toBe(
    'frontdesk.yaml has no queue "front"; write queue["front-line"], because - means minus here',
  );
});

test("every fault of a file is reported at once", () => {
  const source = steps("  - say: Note: closed\n  - sya: x\n  - handoff: leds\n  - wait: soon\n");
  expect(faults(source)).toEqual(["4:10 W002", "5:5 W009", "7:11 W013", "6:14 W101"]);
});
