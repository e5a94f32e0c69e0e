import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Config, type ConfigFault, readConfig, withEnvFile } from "../src/config.ts";
import { envExample } from "../src/environment.ts";

function config(env: Record<string, string>, flags = {}): Config {
  const read = readConfig(env, flags);
  if (!read.ok) throw new Error(JSON.stringify(read.fault));
  return read.value;
}

function faults(env: Record<string, string>, flags = {}): ConfigFault[] {
  const read = readConfig(env, flags);
  return read.ok ? [] : read.fault;
}

test("defaults: an empty environment is one development process on this machine only", () => {
  expect(config({})).toEqual({
    role: "all",
    home: process.cwd(),
    dataDir: join(process.cwd(), "data"),
    databaseUrl: null,
    redisUrl: null,
    host: "127.0.0.1",
    port: 3000,
    adminPort: null,
    adminHost: "127.0.0.1",
    publicUrl: null,
    logLevel: null,
    playground: true,
    production: false,
    openaiApiKey: null,
    openaiBaseUrl: null,
  });
});

test("in production it listens on all interfaces and the playground is off, unless configured otherwise", () => {
  expect(config({ NODE_ENV: "production" })).toMatchObject({ host: "0.0.0.0", playground: false, production: true });
  const told = { NODE_ENV: "production", HOST: "127.0.0.1", FRONTDESK_PLAYGROUND: "on" };
  expect(config(told)).toMatchObject({ host: "127.0.0.1", playground: true });
});

test("a flag overrides its variable, and an empty variable counts as not set", () => {
  const env = { PORT: "4000", FRONTDESK_HOME: "/srv/a", REDIS_URL: "" };
  expect(config(env)).toMatchObject({ port: 4000, home: "/srv/a", dataDir: "/srv/a/data", redisUrl: null });
  expect(config(env, { port: "0", home: "/srv/b" })).toMatchObject({ port: 0, home: "/srv/b" });
});

test("ADMIN_PORT opens a second listener, for this machine only unless ADMIN_HOST is set", () => {
  expect(config({ ADMIN_PORT: "3001" })).toMatchObject({ adminPort: 3001, adminHost: "127.0.0.1" });
  const told = { NODE_ENV: "production", ADMIN_PORT: "0", ADMIN_HOST: "10.0.0.5" };
  expect(config(told)).toMatchObject({ adminPort: 0, adminHost: "10.0.0.5", host: "0.0.0.0" });
  expect(faults({ ADMIN_PORT: "4000" }, { port: "4000" })).toEqual([
    { name: "ADMIN_PORT", problem: expect.stringContaining("set another one") },
  ]);
});

test("PUBLIC_URL loses its trailing slash", () => {
  expect(config({ PUBLIC_URL: "https://desk.example/" }).publicUrl).toBe("https://desk.example");
});

test.each([
  ["DATABASE_URL", "mysql://localhost/x"],
  ["DATABASE_URL", "localhost:5432"],
  ["REDIS_URL", "127.0.0.1:6379"],
  ["PORT", "70000"],
  ["PORT", "-1"],
  ["PORT", "http"],
  ["HOST", "http://127.0.0.1"],
  ["PUBLIC_URL", "my.example"],
  ["PUBLIC_URL", "https://desk.example/?a=1"],
  ["LOG_LEVEL", "loud"],
  ["FRONTDESK_PLAYGROUND", "yes"],
])("%s=%s is refused with a fix, without its value", (name, value) => {
  const found = faults({ [name]: value });
  expect(found).toHaveLength(1);
  expect(found[0]?.name).toBe(name);
  expect(found[0]?.problem).toMatch(/; (set|write|choose|leave)|leave out/);
  expect(found[0]?.problem).not.toContain(value);
});

test("all faults are reported at once, flags included", () => {
  const found = faults({ DATABASE_URL: "x", LOG_LEVEL: "loud" }, { role: "boss", port: "x" });
  expect(found.map(({ name }) => name).sort()).toEqual(["--port", "--role", "DATABASE_URL", "LOG_LEVEL"]);
});

test("a role other than all needs DATABASE_URL", () => {
  expect(faults({}, { role: "worker" })).toEqual([
    { name: "DATABASE_URL", problem: expect.stringContaining("--role worker") },
  ]);
  expect(faults({ DATABASE_URL: "postgres://localhost/x" }, { role: "worker" })).toEqual([]);
});

test(".env in the home folder adds to the environment and never overrides it", () => {
  const home = mkdtempSync(join(tmpdir(), "frontdesk-env-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, ".env"), 'PORT=4001\nLOG_LEVEL="debug"\n# PUBLIC_URL=x\n');
  expect(withEnvFile({ PORT: "5000" }, { home })).toEqual({ PORT: "5000", LOG_LEVEL: "debug" });
  expect(withEnvFile({ FRONTDESK_HOME: home })).toMatchObject({ PORT: "4001" });
  expect(withEnvFile({ PORT: "1" }, { home: join(home, "nothing-here") })).toEqual({ PORT: "1" });
});

// `npm run env:example` writes the file.
test(".env.example matches the variables that the code reads", async () => {
  await expect(envExample()).toMatchFileSnapshot(resolve(".env.example"));
});

test("every example value in .env.example is valid", () => {
  const env = Object.fromEntries(
    [...envExample().matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name ?? "", value ?? ""]),
  );
  expect(Object.keys(env)).toHaveLength(14);
  expect(faults(env)).toEqual([]);
});
