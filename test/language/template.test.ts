import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Values } from "../../src/language/expression.ts";
import { compileTemplate } from "../../src/language/template.ts";

const locate = (offset: number) => ({ line: 1, column: offset + 1 });

function compiled(source: string) {
  const template = compileTemplate(source, { locate });
  if (!template.ok) throw new Error(template.fault.message);
  return template.value;
}

function refusal(source: string): [number, string] | null {
  const template = compileTemplate(source, { locate });
  return template.ok ? null : [template.fault.offset, template.fault.message];
}

describe("a text", () => {
  test.each<[string, Values, string]>([
    ['Hallo {{ contact.first_name | default: "du" }}', { contact: { first_name: "" } }, "Hallo du"],
    ["Hi {{ missing }}{{ a.b.c }}!", { a: {} }, "Hi !"],
    ["{{ text }}", { text: "<b> & Grüße 👋" }, "<b> & Grüße 👋"],
    ["{% if tier == 'pro' %}Pro{% else %}Free{% endif %}", { tier: "pro" }, "Pro"],
    ["{% for o in orders %}{{ o.id }} {% endfor %}", { orders: [{ id: 1 }, { id: 2 }] }, "1 2 "],
  ])("%s over %j is %j", (source, values, expected) => {
    expect(compiled(source).render(values)).toBe(expected);
  });

  test.each<[string, unknown, string]>([
    ['date: "%H:%M"', "2026-11-20T10:00:00Z", "10:00"],
    ['date: "%H:%M", "Europe/Berlin"', "2026-11-20T10:00:00Z", "11:00"],
    ['date: "%H:%M"', "2026-11-20T10:00:00", "10:00"],
    ['date: "%A %H:%M"', "2026-11-23 09:00", "Monday 09:00"],
    ['date: "%Y"', 0, "1970"],
    ['date: "%Y"', "now", "now"],
    ['date: "%Y"', "today", "today"],
    ["date_to_xmlschema", "now", "now"],
    ['date: "%Y"', "next Tuesday", "next Tuesday"],
  ])("| %s of %j is %j on every machine", (filter, at, expected) => {
    expect(compiled(`{{ at | ${filter} }}`).render({ at })).toBe(expected);
  });
});

describe("the clock, chance and files are refused at their place", () => {
  test.each<[string, number, string]>([
    ['It is {{ "now" | date: "%H" }}', 9, "cannot read the clock"],
    ['{% if a %}{{ "today" | date }}{% endif %}', 13, "cannot read the clock"],
    ['{% assign x = "now" | date: "%s" %}', 14, "cannot read the clock"],
    ["{{ a | sample }}", 7, "picks by chance"],
    ['{{ "now" | upcase | sample }}', 20, "picks by chance"],
    ['{% include "/etc/passwd" %}', 0, 'no tag "include"'],
    ['{% render "x" %}', 0, 'no tag "render"'],
    ['{% layout "x" %}', 0, 'no tag "layout"'],
    ["{% increment n %}", 0, 'no tag "increment"'],
    ["{{ a | upcas }}", 7, 'did you mean "upcase"'],
    ["Hi {{ a", 3, "not closed"],
    ["{% if a %}x", 0, "not closed"],
    ["{{ }}", 3, "invalid value"],
  ])("%s at %i: %s", (source, offset, message) => {
    expect(refusal(source)).toEqual([offset, expect.stringContaining(message)]);
  });
});

describe("nothing of ours is reachable or changed", () => {
  test.each([
    "{{ a.constructor }}",
    "{{ constructor.name }}",
    "{{ a.__proto__ }}",
    "{{ toString }}",
    "{{ s.constructor.constructor }}",
  ])("%s is nothing", (source) => {
    expect(compiled(source).render({ a: {}, s: "x" })).toBe("");
  });

  test("assigning changes no value", () => {
    const values = { name: "Dana", list: [2, 1] };
    expect(compiled("{% assign name = 'x' %}{% assign l = list | sort %}{{ name }}{{ l }}").render(values)).toBe("x12");
    expect(values).toEqual({ name: "Dana", list: [2, 1] });
  });
});

const loop = (inner: string): string => `{% for i in l %}${inner}{% endfor %}`;

describe("what a rendering costs is bounded", () => {
  test.each([
    "{% for i in (1..9999999) %}x{% endfor %}",
    '{{ s | date: "%999999999d" }}',
    "{% for i in (1..900) %}{% for j in (1..900) %}xxxxxxxxxx{% endfor %}{% endfor %}",
  ])("%s", (source) => {
    const faults: string[] = [];
    expect(compiled(source).render({ s: "2026-01-01" }, (message) => faults.push(message))).toBe("");
    expect(faults).toHaveLength(1);
  });

  test("loops three deep are refused", () => {
    expect(refusal(loop(loop("x")))).toBeNull();
    expect(refusal(loop(loop(loop("x"))))?.[1]).toContain("2 deep");
  });
});

test("it tells what it reads", () => {
  const { uses } = compiled(
    "Hi {{ contact.first_name }}\n{% assign own = 1 %}{{ own }}{% for o in orders %}{{ o.id }}{{ a[b.c].d }}{% endfor %}",
  );
  expect(uses.map(({ path }) => path.join("."))).toEqual(["contact.first_name", "orders", "a", "b.c"]);
});

test("compiling and rendering are total", () => {
  const piece = fc.constantFrom(
    "{{",
    "}}",
    "{%",
    "%}",
    " a ",
    "| date",
    ": ",
    '"now"',
    "for x in ",
    "endfor",
    "if ",
    "endif",
    "assign b = ",
    "raw",
    "(1..3)",
    "case",
    "when",
    "\n",
  );
  const source = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(source, fc.dictionary(fc.constantFrom("a", "b"), fc.jsonValue()), (text, values) => {
      const template = compileTemplate(text, { locate });
      if (template.ok) expect(typeof template.value.render(values)).toBe("string");
      else expect(template.fault.offset).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 1_000 },
  );
});
