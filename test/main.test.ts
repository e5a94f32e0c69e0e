import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Readiness } from "../src/metrics/health.ts";
import { contentFolder, GREETING, SETTINGS } from "./cli/home.ts";
import { PROGRAM } from "./support/program.ts";
import { type FreshDatabase, freshDatabase } from "./support/services.ts";

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

/** Runs the program as a process with a clean environment. */
function frontdesk(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...PROGRAM, ...argv], {
    env: { PATH, HOME, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function waitForExit(
  child: ChildProcessWithoutNullStreams,
): Promise<{ code: number | null; out: string; err: string }> {
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out: await out, err: await err };
}

test("prints its version", async () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  expect(await waitForExit(frontdesk(["--version"]))).toEqual({ code: 0, out: `${version}\n`, err: "" });
});

test("exits with the command's code", async () => {
  const home = contentFolder({
    "frontdesk.yaml": SETTINGS,
    "workflows/greeting.yaml": GREETING.replace("say:", "sai:"),
  });
  const { code, out } = await waitForExit(frontdesk(["check", "--home", home]));
  expect(code).toBe(1);
  expect(out).toContain("greeting.yaml:6:");
});

test("reads a raw body from standard input", async () => {
  const child = frontdesk(["inspect", "twilio-sms", "-"]);
  child.stdin.end(readFileSync("channels/twilio-sms/samples/text.form"));
  const { code, out } = await waitForExit(child);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([{ kind: "message" }]);
});

test("migrates, and does nothing the second time", async () => {
  const env = { DATABASE_URL: database.url };
  expect(await waitForExit(frontdesk(["migrate", "--json"], env))).toMatchObject({ code: 0, out: '{"applied":0}\n' });
});

test("starts, becomes ready, serves metrics, and drains on Ctrl+C, which npm sends twice", async () => {
  const home = contentFolder({ "frontdesk.yaml": SETTINGS, "workflows/greeting.yaml": GREETING });
  const child = frontdesk(["start", "--home", home, "--port", "0"], { DATABASE_URL: database.url });
  const end = waitForExit(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const found = /http:\/\/\S+?(?=\/playground)/.exec(chunk.toString());
      if (found) resolve(found[0]);
    });
    void end.then(({ err }) => reject(new Error(err)));
  });
  const ready = await fetch(`${url}/health/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ok: true, checks: { database: { ok: true }, content: { ok: true } } });
  // BullMQ creates its tables meanwhile.
  const lanes = async () => ((await (await fetch(`${url}/health/ready`)).json()) as Readiness).checks.lanes?.ok;
  await expect.poll(lanes, { timeout: 15_000 }).toBe(true);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain("frontdesk_sweeps_total");
  child.kill("SIGINT");
  child.kill("SIGTERM");
  expect(await end).toMatchObject({ code: 0, out: expect.stringContaining("finishing work in progress") });
});

test("reports a port in use, with a free one", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const home = contentFolder({ "frontdesk.yaml": SETTINGS });
  const child = frontdesk(["start", "--home", home, "--port", String(port)], { DATABASE_URL: database.url });
  const { code, err } = await waitForExit(child);
  expect(code).toBe(1);
  expect(err).toMatch(new RegExp(`frontdesk: Port ${port} is in use; try --port \\d+`));
});
