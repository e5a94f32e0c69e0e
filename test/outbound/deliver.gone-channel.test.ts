import { expect, test } from "vitest";
import { ECHO, OUR_NUMBER, SETTLED, settingsWith, startDesk } from "../support/desk.ts";

test("parts for a channel removed from frontdesk.yaml fail, and a person is notified", async () => {
  await using desk = await startDesk({ files: { "workflows/echo.yaml": ECHO }, role: null });
  const before = await desk.start();
  const dana = "+15550400001";
  desk.twilio.script(dana, { kind: "answer", status: 429, retryAfter: "3600" });
  await desk.twilio.text({ from: dana, to: OUR_NUMBER, body: "hello" });
  await desk.until("select count(*) = 1 as ok from outbox where error is not null and lease_until is null");
  await before.close();

  const without = settingsWith(desk.twilio).replace(/ {2}sms:\n(?: {4}.*\n)+/, "");
  expect(without).not.toContain("twilio");
  await desk.write({ "frontdesk.yaml": without });
  await desk.rows("update outbox set due_at = now() - interval '1 minute'");
  await desk.start();
  await desk.until(SETTLED);
  expect(await desk.rows("select outcome, error from outbox where channel = 'sms'")).toEqual([
    { outcome: "failed", error: "The channel “sms” is no longer in frontdesk.yaml" },
  ]);
  expect(await desk.rows(`select status from "case"`)).toEqual([{ status: "new" }]);
});
