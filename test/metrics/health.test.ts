import { expect, test } from "vitest";
import { checkReadiness, NotReady } from "../../src/metrics/health.ts";
import { contentProbe, lanesProbe } from "../../src/metrics/probes.ts";

const fine = async () => "reachable";
const hangs = () => new Promise<string>(() => {});

test("is ready when all needed probes pass", async () => {
  const found = await checkReadiness({ needed: { database: fine, content: contentProbe(() => "4f2a") }, wanted: {} });
  expect(found).toEqual({
    ok: true,
    checks: { database: { ok: true, message: "reachable" }, content: { ok: true, message: "release 4f2a" } },
  });
});

test("is not ready while no content is released", async () => {
  const found = await checkReadiness({ needed: { content: contentProbe(() => null) }, wanted: {} });
  expect(found.ok).toBe(false);
  expect(found.checks.content?.message).toContain("frontdesk check");
});

test("stays ready while the lanes' backend is down, and reports it", async () => {
  const lanes = lanesProbe({ depth: () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:6379")) });
  const found = await checkReadiness({ needed: { database: fine }, wanted: { lanes } });
  expect(found.ok).toBe(true);
  expect(found.checks.lanes).toEqual({ ok: false, message: expect.stringContaining("the sweep wakes waiting work") });
});

test("shows a driver's error code, never its message, which names hosts and users", async () => {
  const refused = Object.assign(new Error('password authentication failed for user "postgres"'), { code: "28P01" });
  const found = await checkReadiness({ needed: { database: () => Promise.reject(refused) }, wanted: {} });
  expect(found).toEqual({ ok: false, checks: { database: { ok: false, message: "does not answer (28P01)" } } });
});

test("a probe that hangs fails after the time-out", async () => {
  const found = await checkReadiness({ needed: { database: hangs }, wanted: {} }, 5);
  expect(found.checks.database).toEqual({ ok: false, message: "gave no answer within 5 ms" });
});

test("shows the message of NotReady", async () => {
  const found = await checkReadiness({
    needed: { database: () => Promise.reject(new NotReady("has no tables yet")) },
    wanted: {},
  });
  expect(found.checks.database?.message).toBe("has no tables yet");
});
