import { expect, test } from "vitest";
import { createFlowchart } from "../../src/language/mermaid.ts";

test("words that mean something to Mermaid stay words", () => {
  const chart = createFlowchart();
  const from = chart.box('say "a" <b>\nend]');
  const to = chart.box("x".repeat(100), "choice");
  chart.arrow(from, to, 'a == "b" | c');
  expect(chart.text()).toBe(
    `flowchart TD\n  n0["say #34;a#34; #60;b#62;<br/>end#93;"]\n  n1{"${"x".repeat(80)}…"}\n  n0 -- "a == #34;b#34; #124; c" --> n1\n`,
  );
});
