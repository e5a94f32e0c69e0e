import { expect, test } from "vitest";
import { sha256 } from "../../src/lib/digest.ts";

// NIST's examples for FIPS 180-4: "abc" and the empty message.
test.each([
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
])("the digest of %j, as text and as bytes", (text, digest) => {
  expect(sha256(text)).toBe(digest);
  expect(sha256(Buffer.from(text))).toBe(digest);
});
