import { expect, it } from "vitest";
import { playground } from "../../../channels/playground/index.ts";

const config = playground.config.parse({ secret: "0123456789abcdef" });
const reach = (to: string) => playground.resolveRecipient?.(to, config) ?? null;

it.each([
  ["Dana Meyer", "thread-dana-meyer"],
  ["  Zoë  O’Brien ", "thread-zoë-o-brien"],
  ["李 小龙", "thread-李-小龙"],
])("%j is written to at %s, where their answers come from too", (to, thread) => {
  expect(reach(to)).toEqual({ thread, address: thread });
});

it.each(["", " ", "?!", "x".repeat(400)])("%j is nobody", (to) => {
  expect(reach(to)).toBeNull();
});
