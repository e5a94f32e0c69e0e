import { expect, test } from "vitest";
import { run } from "./captured.ts";

test("the schema of procedures is printed as JSON", async () => {
  const { code, out } = await run(["schema"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ title: "Frontdesk procedure", required: ["id", "trigger"] });
  expect((await run(["schema", "procedure"])).out).toBe(out);
});

test("another kind is wrong usage", async () => {
  expect(await run(["schema", "procedures"])).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean "procedure"?') as string,
  });
});
