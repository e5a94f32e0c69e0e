import { expect, it } from "vitest";
import { openModels } from "../../src/compose/models.ts";
import { parseSettings } from "../../src/content/settings.ts";
import { SETTINGS } from "../cli/home.ts";
import { openModelBench, replies, request } from "../model/bench.ts";

const settingsWith = (more: string) => {
  const { settings } = parseSettings(`${SETTINGS}${more}`);
  if (settings === null) throw new Error("The settings are faulty");
  return settings;
};

it("the gateway asks the models of the live frontdesk.yaml, within its limits", async () => {
  await using bench = await openModelBench();
  bench.mock.on({}, replies("Hello"));
  let settings = settingsWith("");
  const config = { openaiApiKey: "key-of-m", openaiBaseUrl: `${bench.mock.url}/v1` };
  const gateway = openModels({ ...bench, meter: bench.metrics.meter, config, env: {}, live: () => settings });
  const ask = () => gateway.complete(request("hi"), { signal: new AbortController().signal, deadlineMs: 5_000 });
  expect(gateway.available("large")).toBe(false);
  expect(await ask()).toMatchObject({ reason: "no_model" });
  settings = settingsWith("models: { large: [{ model: m1 }] }\n");
  expect(gateway.available("large")).toBe(true);
  expect(await ask()).toMatchObject({ model: "m1" });
  settings = settingsWith("models: { large: [{ model: m2 }] }\nlimits: { tokens_per_day: 10 }\n");
  expect(await ask()).toMatchObject({ reason: "budget" });
  expect(bench.mock.getRequests().map(({ body }) => (body as { model: string }).model)).toEqual(["m1"]);
});
