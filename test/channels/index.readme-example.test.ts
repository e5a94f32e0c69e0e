import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { channelConformance } from "../conformance/channel.ts";
import { pagerSubject } from "../support/pager-subject.ts";

channelConformance("the example of channels/README.md", pagerSubject);

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

it("channels/README.md shows the example as it was tested", () => {
  const shown = [...read("channels/README.md").matchAll(/```ts\n(.*?)```/gs)].map((block) => block[1]);
  expect(shown).toEqual([read("test/support/pager.ts"), read("test/support/pager-connect.ts")]);
});
