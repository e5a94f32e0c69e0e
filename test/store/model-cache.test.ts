import { afterAll, beforeAll, expect, it } from "vitest";
import { keepCachedAnswer, readCachedAnswer } from "../../src/store/model-cache.ts";
import { type Bench, openBench } from "../turn/store.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

it("an answer is found by the first key that has one", async () => {
  await keepCachedAnswer(bench.db, "b", { text: "from b" });
  await keepCachedAnswer(bench.db, "c", { text: "from c" });
  await keepCachedAnswer(bench.db, "c", { text: "again \0" });
  expect(await readCachedAnswer(bench.db, ["a", "b", "c"])).toEqual({ key: "b", answer: { text: "from b" } });
  expect(await readCachedAnswer(bench.db, ["c"])).toEqual({ key: "c", answer: { text: "again " } });
  expect(await readCachedAnswer(bench.db, ["a"])).toBeNull();
});

it("an answer that is too large is not kept", async () => {
  await keepCachedAnswer(bench.db, "large", { text: "x".repeat(70_000) });
  expect(await readCachedAnswer(bench.db, ["large"])).toBeNull();
});
