import { describe, expect, it } from "vitest";
import { retryUntilStored } from "../../src/store/retry-until-stored.ts";

const refusal = (code: string) => Object.assign(new Error("the database gave up"), { code });

/** Fails with these codes, one after the other, and then succeeds; says how often it was tried. */
function failing(codes: readonly string[]) {
  const left = [...codes];
  const tried = { times: 0 };
  const write = async () => {
    tried.times++;
    const code = left.shift();
    if (code !== undefined) throw refusal(code);
    return "written";
  };
  return { write, tried };
}

describe("a write that gave way to another transaction", () => {
  it.each(["40P01", "40001"])("(%s) is tried again", async (code) => {
    const { write, tried } = failing([code, code]);
    expect(await retryUntilStored(write)).toBe("written");
    expect(tried.times).toBe(3);
  });

  it("again and again is given up, with what the database said", async () => {
    const { write, tried } = failing(Array.from({ length: 20 }, () => "40P01"));
    await expect(retryUntilStored(write)).rejects.toMatchObject({ code: "40P01" });
    expect(tried.times).toBe(6);
  });
});

it("a write that the database refuses for good is tried once", async () => {
  const { write, tried } = failing(["23505"]);
  await expect(retryUntilStored(write)).rejects.toMatchObject({ code: "23505" });
  expect(tried.times).toBe(1);
});
