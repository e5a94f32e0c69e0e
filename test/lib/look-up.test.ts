import { expect, it } from "vitest";
import { createLookUp } from "../../src/lib/look-up.ts";

it("a name that many ask for at once is looked up once, and again later", () => {
  const asked: [name: string, answer: () => void][] = [];
  const found: string[] = [];
  const lookUp = createLookUp((name, _, answer) => {
    asked.push([name, () => answer(null, [{ address: `192.0.2.${asked.length}`, family: 4 }])]);
  });
  const ask = (name: string) => lookUp(name, {}, (_, [first]) => void found.push(`${name} ${first?.address}`));
  for (const name of ["crm", "crm", "shop", "crm"]) ask(name);
  expect(asked.map(([name]) => name)).toEqual(["crm", "shop"]);
  asked[0]?.[1]();
  expect(found).toEqual(["crm 192.0.2.2", "crm 192.0.2.2", "crm 192.0.2.2"]);
  ask("crm");
  expect(asked).toHaveLength(3);
});
