import { afterAll, beforeAll, expect, test } from "vitest";
import { SETTLED, startDesk, type TestDesk } from "../support/desk.ts";

const menu = (words: string) => `
id: menu
title: Menu
status: live
on: [conversation.opened]
steps:
  - ask: "${words}: which?"
    save: which
    options: { one: The first, two: The second }
    person: false
  - say: "${words}: {{ which }}"
`;

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk({ files: { "workflows/menu.yaml": menu("Old") } });
  // Another process: it learns of a release from the database.
  await desk.start({ role: "worker" });
});
afterAll(() => desk[Symbol.asyncDispose]());

const FIFTY = Array.from({ length: 50 }, (_, n) => n);
const released = () =>
  desk.until("select count(*) = $1::int as ok from release", { values: [releases], withinMs: 5_000 });
let releases = 1;

// T7
test("an edit while fifty conversations are inside the workflow: they finish on theirs, new ones begin on the new", async () => {
  const before = FIFTY.map((n) => desk.customer(`before-${n}`));
  await Promise.all(before.map((customer) => customer.message("hello")));
  await desk.until(SETTLED);

  await desk.write({ "workflows/menu.yaml": menu("New") });
  releases = 2;
  await released();
  // The other process polls once a second; until then a conversation may begin on either release.
  await desk.until("select count(*) = 0 as ok from event where seq is null");
  const after = FIFTY.map((n) => desk.customer(`after-${n}`));
  await live(2);
  await Promise.all([
    ...after.map((customer) => customer.message("hello")),
    ...before.map((customer) => customer.message("the second")),
  ]);
  await desk.until(SETTLED);

  for (const customer of before) {
    expect((await customer.heard()).map((text) => text.split("\n")[0])).toEqual(["Old: which?", "Old: two"]);
  }
  for (const customer of after) expect((await customer.heard())[0]).toMatch(/^New: which\?/);
});

test("a broken edit changes nothing, and is reported with line and column", async () => {
  await desk.write({ "workflows/menu.yaml": menu("Broken").replace("  - say:", "  - sya:") });
  const found = () => desk.logged.filter(({ at }) => at === "workflows/menu.yaml:11:5");
  while (found().length === 0) await desk.rows("select 1");
  expect(found()[0]).toMatchObject({ code: "W009", msg: "content was not released" });
  expect(found()[0]?.["fault"]).toContain("sya");
  const eve = desk.customer("eve");
  await eve.message("hello");
  await desk.until(SETTLED);
  expect((await eve.heard())[0]).toMatch(/^New: which\?/);
  expect(await desk.rows("select count(*)::int as n from release")).toEqual([{ n: 2 }]);

  await desk.write({ "workflows/menu.yaml": menu("Mended") });
  releases = 3;
  await released();
});

/** Waits until both processes begin conversations on this release. */
async function live(release: number): Promise<void> {
  for (let n = 0, seen = 0; seen < 20; n++) {
    await desk.customer(`probe-${release}-${n}`).message("hello");
    await desk.until(SETTLED);
    const [row] = await desk.rows<{ release: number }>("select release from event order by id desc limit 1");
    seen = row?.release === release ? seen + 1 : 0;
  }
}
