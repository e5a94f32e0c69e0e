import { expect, test } from "vitest";
import { run } from "./captured.ts";
import { contentFolder, SETTINGS } from "./home.ts";

test("--help lists every command, --version prints the version", async () => {
  const help = await run(["--help"]);
  expect(help.code).toBe(0);
  for (const name of ["start", "check", "inspect", "inspect choice", "migrate", "doctor"]) {
    expect(help.out).toContain(`frontdesk ${name}`);
  }
  expect(await run(["--version"])).toEqual({ code: 0, out: "1.2.3\n", err: "" });
});

test("COMMAND --help prints its usage", async () => {
  const { code, out } = await run(["check", "--help"]);
  expect(code).toBe(0);
  expect(out).toContain("--annotations github");
});

test.each([
  [[], ""],
  [["chek"], 'did you mean "check"'],
  [["--versoin"], 'did you mean "--version"'],
  [["check", "--jsn"], 'did you mean "--json"'],
  [["start", "--port"], "--port"],
  [["start", "--port", "http"], "--port is not a port"],
  [["start", "--role", "boss"], "--role is not a role; choose one of all, web, worker"],
  [["start", "worker"], "Unexpected argument worker"],
  [["start", "--home", "/nowhere/at/all"], "There is no frontdesk.yaml in /nowhere/at/all"],
  [["check", "/nowhere/at/all.yaml"], "There is nothing at /nowhere/at/all.yaml"],
  [["check", "--annotations", "gitlab"], 'use "github"'],
  [["inspect"], "Name an adapter"],
  [["inspect", "twilio-smss", "x"], 'did you mean "twilio-sms"'],
  [["inspect", "twilio-sms"], "Name one file"],
  [["inspect", "twilio-sms", "/nowhere/at/all"], "/nowhere/at/all can't be read"],
  [["inspect", "choice", "1"], "Name the options"],
  [["inspect", "choice", "--options", "billing", "1"], "is not ID=LABEL"],
  [["inspect", "choice", "--options", "a=A", "--options", "a=B", "1"], "names a twice"],
  [["inspect", "choice", "--options", "a=A", "--channel", "smoke", "1"], "There is no channel smoke"],
  [["inspect", "choice", "--options", "a=A", "I", "have"], "as one text"],
  [["inspect", "choice", "--options", "a=A", "-1"], "after --"],
])("frontdesk %j is wrong usage, and prints the right one", async (argv, message) => {
  const { code, out, err } = await run(argv);
  expect(code).toBe(2);
  expect(err).toContain(message);
  expect(argv.length === 0 ? out : err).toContain("frontdesk ");
});

test("faults of the environment are all reported, without their values", async () => {
  const { code, err } = await run(["start"], { env: { DATABASE_URL: "mysql://root:hunter2@db", PORT: "x" } });
  expect(code).toBe(2);
  expect(err).toContain("DATABASE_URL is not a PostgreSQL address");
  expect(err).toContain("PORT is not a port");
  expect(err).not.toContain("hunter2");
});

test("a bug keeps its stack, so that it can be reported", async () => {
  const home = contentFolder({ "frontdesk.yaml": SETTINGS });
  const { code, err } = await run(["start", "--home", home], {
    start: () => Promise.reject(new TypeError("x is not a function")),
  });
  expect(code).toBe(1);
  expect(err).toContain("run.test.ts");
});
