import { readdirSync, readFileSync } from "node:fs";
import { afterAll, expect, it } from "vitest";
import { parseManifest } from "../../src/connector/manifest.ts";
import { project } from "../../src/domain/typed-value.ts";
import { parse } from "../../src/procedure/parse.ts";
import { returnedBy } from "../../src/procedure/returned-by.ts";
import { openSandbox } from "../../src/sandbox/sandbox.ts";

const sandbox = openSandbox();
afterAll(() => sandbox[Symbol.asyncDispose]());

const filesOf = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending) && name !== "README.md")
    .map((name) => [`${folder}/${name}`, readFileSync(`${folder}/${name}`, "utf8")] as const);
const manifests = filesOf("connectors", ".yaml").flatMap(
  ([path, source]) => parseManifest(source, path).manifest ?? [],
);
const connectors = Object.fromEntries(manifests.map((one) => [one.id, one]));
const procedures = filesOf("procedures", ".md").flatMap(
  ([path, source]) => parse(source, path, connectors).procedure ?? [],
);
const blocks = procedures.flatMap((procedure) =>
  Object.values(procedure.code).map((code) => ({ ...code, types: procedure.types })),
);

const subscription = (plan: string, started_at: string) => ({ plan, started_at, status: "active" });
const order = (...names: string[]) => ({ items: names.map((name, n) => ({ sku: `SKU-${n}`, name })) });

const CASES: readonly [block: string, inputs: Record<string, unknown>, result: unknown][] = [
  ["choose-offer", { sub: subscription("enterprise", "2020-01-01"), cancel_reason: "other" }, { kind: "none" }],
  [
    "choose-offer",
    { sub: subscription("pro", "2025-11-20"), cancel_reason: "too_expensive" },
    { kind: "discount", percent: 30, months: 3 },
  ],
  [
    "choose-offer",
    { sub: subscription("pro", "2025-11-21"), cancel_reason: "too_expensive" },
    { kind: "discount", percent: 20, months: 2 },
  ],
  ["find-item", { order: order("Desk lamp", "Oak shelf"), item: "the lamp" }, { sku: "SKU-0", name: "Desk lamp" }],
  ["find-item", { order: order("Desk lamp", "Oak shelf"), item: "sku-1" }, { sku: "SKU-1", name: "Oak shelf" }],
  ["find-item", { order: order("Desk lamp", "Oak shelf"), item: "both" }, { sku: "", name: "" }],
];

it("every code block of the procedures that we ship is tried here", () => {
  expect(blocks.map(({ name }) => name).toSorted()).toEqual([...new Set(CASES.map(([name]) => name))].toSorted());
});

it.each(CASES)("%s on %j gives %j, of its declared type", async (name, inputs, result) => {
  const { source, inputs: inputNames = [], types = {}, returns = "" } = blocks.find((one) => one.name === name) ?? {};
  const ended = await sandbox.run({ source: source ?? "", inputNames, inputs, now: "2026-11-20T09:00:00.000Z" });
  expect(ended).toEqual({ ok: true, value: result });
  const type = returnedBy(types, returns);
  expect(type === null ? null : project(result, type, { at: returns, undeclared: "refuse" })).toEqual(ended);
});
