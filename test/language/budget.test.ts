import { describe, expect, it } from "vitest";
import { isSpent, MAX_WORK, newBudget, sizeOf, spend } from "../../src/language/budget.ts";
import { compileExpression } from "../../src/language/cel.ts";
import { compileTemplate } from "../../src/language/template.ts";

const locate = () => ({ line: 1, column: 1 });
const items = Array.from({ length: 5_000 }, (_, id) => ({ id, kind: `q${id % 7}` }));
const long = "a".repeat(40_000);
const needle = `${"a".repeat(10_000)}b${"a".repeat(10_000)}`;

function rendered(source: string, values: object, budget = newBudget()) {
  const compiled = compileTemplate(source, { locate });
  if (!compiled.ok) throw new Error(compiled.fault.message);
  const faults: string[] = [];
  const text = compiled.value.render({ ...values }, (message) => faults.push(message), budget);
  return { text, faults, left: budget.left };
}

function evaluated(source: string, values: object, budget = newBudget()) {
  const compiled = compileExpression(source, { locate });
  if (!compiled.ok) throw new Error(compiled.fault.message);
  const faults: string[] = [];
  const value = compiled.value.evaluate({ ...values }, (message) => faults.push(message), budget);
  return { value, faults, left: budget.left };
}

const list = (length: number): string => `[${Array.from({ length }, (_, n) => n).join(",")}]`;
const GIVEN_UP = [expect.stringContaining(`more than the ${MAX_WORK} steps of work that one event may cost`)];

describe("a text that costs too much is given up, and says so", () => {
  it.each([
    [
      "loops over each character of a text",
      "{% assign c = t | split: '' %}{% for a in c %}{% for b in c %}{% endfor %}{% endfor %}",
    ],
    ["a range without end", "{% for a in (1..100000000) %}{% endfor %}"],
    ["a filter on a long text, over and over", "{% for i in (1..9999) %}{% assign x = t | upcase %}{% endfor %}"],
    ["a list that doubles", `{% assign a = t | split: '|' %}${"{% assign a = a | concat: a %}".repeat(30)}{{ a }}`],
    [
      "lists that hold one another",
      `{% assign a = t | split: '|' %}${"{% assign a = a | push: a %}".repeat(40)}{{ a }}`,
    ],
    ["comparing lists", "{% assign c = t | split: '' %}{% for i in (1..999) %}{% if c == c %}{% endif %}{% endfor %}"],
    [
      "cases of lists",
      "{% assign c = t | split: '' %}{% for i in (1..999) %}{% case c %}{% when c %}{% endcase %}{% endfor %}",
    ],
    [
      "copying a list for each pass",
      "{% assign c = t | split: '' %}{% for i in (1..999) %}{% for j in c limit: 1 %}{% endfor %}{% endfor %}",
    ],
    ["a search for a long text in a long one", "{{ t | replace: n, 'x' }}"],
    ["dates in every zone", "{% for i in (1..999) %}{{ 0 | date: '%c', 'Europe/Berlin' }}{% endfor %}"],
    ["a date's form that a customer wrote", "{{ 0 | date: t }}"],
  ])("%s", (_, source) => {
    expect(rendered(source, { t: long, n: needle })).toMatchObject({ text: "", faults: GIVEN_UP });
  });

  it("and not one that is as long as texts are", () => {
    const source =
      "{% for one in orders %}{{ one.id }}: {{ one.kind | upcase }}, {{ now | date: '%H:%M' }}\n{% endfor %}";
    const { text, faults, left } = rendered(source, { orders: items.slice(0, 100), now: 0 });
    expect([text.split("\n").length, faults]).toEqual([101, []]);
    expect(left).toBeGreaterThan(MAX_WORK / 2);
  });
});

describe("a condition that costs too much is unknown, and says so", () => {
  it.each([
    ["a loop within a loop over what a connector answered", "items.all(a, items.all(b, a.id + b.id >= 0.0))"],
    ["the same where each pass is an error", "items.exists(a, items.exists(b, b.nothing == a.id))"],
    ["long texts made over and over", "items.map(a, t + t)"],
    ["lists compared with lists", "items.all(a, items == items)"],
    ["a search for a long text in a long one", "t.contains(n)"],
    [
      "texts in each other's double",
      "cel.bind(a, t + t, cel.bind(b, a + a, cel.bind(c, b + b, cel.bind(d, c + c, cel.bind(e, d + d, size(e + e))))))",
    ],
    ["hours in every zone", "items.all(a, timestamp('2026-01-01T00:00:00Z').getHours('Europe/Berlin') == 1)"],
  ])("%s", (_, source) => {
    expect(evaluated(source, { items, t: long, n: needle })).toMatchObject({ value: undefined, faults: GIVEN_UP });
  });

  it("and not one over a list of thousands", () => {
    const { value, faults, left } = evaluated("items.exists(one, one.id == 4999.0 && one.kind != 'x')", { items });
    expect([value, faults]).toEqual([true, []]);
    expect(left).toBeGreaterThan(0);
  });

  it("reads durations of up to 64 characters", () => {
    expect(evaluated("duration(t) > duration('1s')", { t: "1h30m" }).value).toBe(true);
    expect(evaluated("duration(t) > duration('1s')", { t: "1".repeat(40_000) })).toMatchObject({
      value: undefined,
      faults: [],
    });
  });
});

describe("what is seen to cost too much is refused before it ever runs, as W018", () => {
  it.each([
    ["x".repeat(2_001)],
    [Array.from({ length: 300 }, () => "1").join(" + ")],
    [`${"(".repeat(60)}1${")".repeat(60)}`],
    [`${list(199)} == ${list(201)}`],
    ["a.all(x, a.all(y, a.all(z, x + y + z > 0)))"],
    [`${list(150)}.all(x, ${list(150)}.all(y, x + y + x + y + x + y + x + y + x + y > 0))`],
  ])("%s", (source) => {
    expect(compileExpression(source, { locate })).toMatchObject({ ok: false, fault: { number: "018" } });
  });

  it.each(["x".repeat(20_001), "{% for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}"])(
    "a text: %.60s",
    (source) => {
      expect(compileTemplate(source, { locate })).toMatchObject({ ok: false, fault: { number: "018" } });
    },
  );
});

describe("a budget", () => {
  it("is shared, and stays spent", () => {
    const budget = newBudget();
    evaluated("items.all(a, items.all(b, a.id + b.id >= 0.0))", { items }, budget);
    expect(isSpent(budget)).toBe(true);
    expect(rendered("Hello", {}, budget)).toMatchObject({ text: "", faults: GIVEN_UP });
    expect(() => spend(budget, 0)).toThrow("steps of work");
  });

  it("is spent at the same place on every machine", () => {
    const source = "{% for one in items %}{{ one.kind | append: t }}{% endfor %}";
    expect(rendered(source, { items, t: "abc" }).left).toBe(rendered(source, { items, t: "abc" }).left);
  });

  it("stops counting what holds itself over and over", () => {
    let nested: unknown = "x";
    for (let n = 0; n < 200; n++) nested = [nested, nested];
    expect(sizeOf(nested, 1_000)).toBeLessThan(3_000);
  });
});
