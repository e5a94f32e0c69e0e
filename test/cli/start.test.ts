import { expect, test } from "vitest";
import type { Environment } from "../../src/config.ts";
import { run } from "./captured.ts";
import { contentFolder, SETTINGS } from "./home.ts";

const CONNECTOR = `id: crm\nbase_url: "env:ACME_CRM_URL"\nauth: { bearer: "env:ACME_CRM_TOKEN" }\n`;

/** A server that is asked to stop `times` times, all at once. */
function stoppable(times: number) {
  const seen = { closed: false, exits: [] as number[], env: {} as Environment, acmeClosed: false };
  const asking: (() => void)[] = [];
  return {
    seen,
    world: {
      start: async ({ env }: { env: Environment }) => {
        seen.env = env;
        queueMicrotask(() => {
          for (let n = 0; n < times; n++) for (const ask of asking) ask();
        });
        const close = async () => void (seen.closed = true);
        const url = "http://127.0.0.1:3000";
        return { url, adminUrl: url, pageToken: "t0ken", unseen: ["sms"], close };
      },
      startAcme: async () => ({
        url: "http://127.0.0.1:4010",
        token: "demo",
        close: async () => void (seen.acmeClosed = true),
      }),
      onStop: (callback: () => void) => {
        asking.push(callback);
        return () => {};
      },
      exit: (code: number) => void seen.exits.push(code),
    },
  };
}

test("prints its addresses, and exits with 0 when asked to stop", async () => {
  const { seen, world } = stoppable(1);
  const { code, out } = await run(["start", "--home", contentFolder({ "frontdesk.yaml": SETTINGS })], world);
  expect(code).toBe(0);
  expect(out).toContain("http://127.0.0.1:3000/playground");
  expect(out).toContain("http://127.0.0.1:3000/playground?token=t0ken");
  expect(out).toMatch(/Metrics +http:\/\/127.0.0.1:3000\/metrics, \/health\/ready +this machine only/);
  expect(out).toContain("WARNING: nobody sees the cases of sms");
  expect(out).not.toContain("Write as the customer");
  expect(seen).toMatchObject({ closed: true, exits: [] });
});

test("asked twice, it exits at once", async () => {
  const { seen, world } = stoppable(2);
  await run(["start", "--home", contentFolder({ "frontdesk.yaml": SETTINGS })], world);
  expect(seen.exits).toEqual([1]);
});

test("starts the example's account system for the example, and prints what to try", async () => {
  const { seen, world } = stoppable(1);
  const home = contentFolder({ "frontdesk.yaml": SETTINGS, "connectors/crm.yaml": CONNECTOR });
  const { out } = await run(["start", "--home", home], world);
  expect(seen.env).toMatchObject({ ACME_CRM_URL: "http://127.0.0.1:4010/crm", ACME_CRM_TOKEN: "demo" });
  expect(seen.acmeClosed).toBe(true);
  expect(out).toContain("Write as the customer");
});

test("starts the example's systems that the environment does not name, with their own paths", async () => {
  const { seen, world } = stoppable(1);
  const billing = CONNECTOR.replaceAll("crm", "billing").replaceAll("CRM", "BILLING");
  const files = { "frontdesk.yaml": SETTINGS, "connectors/crm.yaml": CONNECTOR, "connectors/billing.yaml": billing };
  const env = { ACME_CRM_URL: "https://crm.acme.example", ACME_CRM_TOKEN: "real" };
  await run(["start", "--home", contentFolder(files)], { ...world, env });
  expect(seen.env).toMatchObject({
    ...env,
    ACME_BILLING_URL: "http://127.0.0.1:4010/billing",
    ACME_BILLING_TOKEN: "demo",
  });
  expect(seen.env).not.toHaveProperty("ACME_ORDERS_URL");
});

test("starts no account system when the environment names one", async () => {
  const { seen, world } = stoppable(1);
  const home = contentFolder({ "frontdesk.yaml": SETTINGS, "connectors/crm.yaml": CONNECTOR });
  const env = { ACME_CRM_URL: "https://crm.acme.example", ACME_CRM_TOKEN: "real" };
  await run(["start", "--home", home], { ...world, env });
  expect(seen.env).toMatchObject(env);
  expect(seen.acmeClosed).toBe(false);
});

test("an error at the start is printed with its own message", async () => {
  const inUse = new Error("Port 3000 is in use; try --port 3001");
  const { code, err } = await run(["start"], {
    startAcme: stoppable(0).world.startAcme,
    start: () => Promise.reject(inUse),
  });
  expect(code).toBe(1);
  expect(err).toBe("frontdesk: Port 3000 is in use; try --port 3001\n");
});
