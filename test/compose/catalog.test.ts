import { expect, test } from "vitest";
import { conversationLink } from "../../src/compose/catalog.ts";

test.each([
  ["the page is on", "https://desk.example", true, "https://desk.example/playground?conversation=7"],
  ["the page is off", "https://desk.example", false, ""],
  ["PUBLIC_URL is not set", null, true, ""],
])("when %s, a conversation's link is right", (_, publicUrl, playground, link) => {
  expect(conversationLink({ publicUrl, playground })(7)).toBe(link);
});
