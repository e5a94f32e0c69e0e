import { describe, expect, it } from "vitest";
import { retryUntilStored } from "../../src/store/retry-until-stored.ts";

const refusal = (code: string) => Object.assign(new Error("the database gave up"), { code });

/** A write that fails with these codes, in order, and then succeeds; counts its attempts. */
function failingWrite(codes: readonly string[]) {
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

describe("a write that was rolled back for another transaction", () => {
  it.each(["40P01", "40001"])("(%s) is retried", async (code) => {
    const { write, tried } = failingWrite([code, code]);
    expect(await retryUntilStored(write)).toBe("written");
    expect(tried.times).toBe(3);
  });

  it("again and again is given up, with the database's error", async () => {
    const { write, tried } = failingWrite(Array.from({ length: 20 }, () => "40P01"));
    await expect(retryUntilStored(write)).rejects.toMatchObject({ code: "40P01" });
    expect(tried.times).toBe(6);
  });
});

it("a write that the database refuses is tried once", async () => {
  const { write, tried } = failingWrite(["23505"]);
  await expect(retryUntilStored(write)).rejects.toMatchObject({ code: "23505" });
  expect(tried.times).toBe(1);
});
