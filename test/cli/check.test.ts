import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "./captured.ts";
import { contentFolder, GREETING, SETTINGS } from "./home.ts";

const FAULTY = GREETING.replace("say:", "sai:");

test("a folder without faults exits with 0", async () => {
  const home = contentFolder({ "frontdesk.yaml": SETTINGS, "workflows/greeting.yaml": GREETING });
  expect(await run(["check", home])).toEqual({ code: 0, out: "", err: "2 files: no faults, no warnings\n" });
});

test("the shipped example has no faults", async () => {
  expect((await run(["check"])).code).toBe(0);
});

test("pipes and devices are refused at once", async () => {
  const home = contentFolder({ "frontdesk.yaml": SETTINGS });
  const pipe = join(home, "pipe.yaml");
  execFileSync("mkfifo", [pipe]);
  for (const path of [pipe, "/dev/zero"]) {
    expect(await run(["check", path])).toMatchObject({ code: 2, err: expect.stringContaining("this is not a file") });
    expect(await run(["inspect", "playground", path])).toMatchObject({
      code: 2,
      err: expect.stringContaining("this is not a file"),
    });
  }
});

test("a fault is one line with its position and a code, and exits with 1", async () => {
  const home = contentFolder({ "frontdesk.yaml": SETTINGS, "workflows/greeting.yaml": FAULTY });
  const { code, out, err } = await run(["check", "--home", home]);
  expect(code).toBe(1);
  expect(out).toMatch(/^\S*workflows\/greeting\.yaml:6:\d+ W\d{3} .*"say"/m);
  expect(err).toContain("2 files: 1 fault");
});

test("a terminal also shows the faulty line", async () => {
  const home = contentFolder({ "frontdesk.yaml": SETTINGS, "workflows/greeting.yaml": FAULTY });
  const seen: string[] = [];
  await run(["check", home], { out: { write: (text) => seen.push(text), isTTY: true } });
  expect(seen.join("")).toContain("6 |   - sai: { en: Hello }");
});

test("--json is an array of diagnostics, --annotations github is for pull requests", async () => {
  const home = contentFolder({ "frontdesk.yaml": SETTINGS, "workflows/greeting.yaml": FAULTY });
  const json = JSON.parse((await run(["check", home, "--json"])).out);
  expect(json[0]).toMatchObject({ file: expect.stringContaining("greeting.yaml"), line: 6, severity: "error" });
  const github = await run(["check", home, "--annotations", "github"]);
  expect(github.out).toMatch(/^::error file=\S+greeting\.yaml,line=6,col=\d+,title=W\d{3}::/m);
});

test("a path reports only that path, checked together with its neighbours", async () => {
  const files = { "frontdesk.yaml": SETTINGS, "workflows/a.yaml": GREETING, "workflows/b.yaml": FAULTY };
  const home = contentFolder(files);
  expect((await run(["check", join(home, "workflows/a.yaml")])).code).toBe(0);
  expect((await run(["check", join(home, "workflows/b.yaml")])).code).toBe(1);
  expect((await run(["check", join(home, "workflows")])).err).toContain("2 files");
  expect((await run(["check", join(home, "frontdesk.yaml")])).code).toBe(0);
});

test("a file from elsewhere is checked as a workflow of the home", async () => {
  const home = contentFolder({ "frontdesk.yaml": SETTINGS });
  const elsewhere = contentFolder({ "draft.yaml": GREETING, "faulty.yaml": FAULTY });
  expect((await run(["check", join(elsewhere, "draft.yaml"), "--home", home])).code).toBe(0);
  const { code, out } = await run(["check", join(elsewhere, "faulty.yaml"), "--home", home]);
  expect(code).toBe(1);
  expect(out).toContain("faulty.yaml:6:");
});

test("a folder without content reports the missing frontdesk.yaml, once", async () => {
  const { code, out } = await run(["check", contentFolder({})]);
  expect(code).toBe(1);
  expect(out.trim().split("\n")).toEqual([expect.stringContaining("F001")]);
});

const SMS = `channels:
  sms: { adapter: twilio-sms, account_sid: "env:TWILIO_ACCOUNT_SID", auth_token: "env:TWILIO_AUTH_TOKEN", from: "+15550100" }
`;

test("a channel's entry is checked without its secrets", async () => {
  const settings = SETTINGS.replace("channels:\n", SMS);
  const right = await run(["check", contentFolder({ "frontdesk.yaml": settings })]);
  // Its cases go to the playground's desk, which does not show them: a warning, not a fault.
  expect(right.out.trim()).toMatch(/^\S+:2:3 F110 warning: nobody sees the cases of sms: [^\n]+$/);
  expect(right.code).toBe(0);
  const wrong = settings.replace("+15550100", "15550100");
  const { code, out } = await run(["check", contentFolder({ "frontdesk.yaml": wrong })]);
  expect(code).toBe(1);
  expect(out).toContain("from must be a number in E.164 form");
});

test("an unknown adapter is reported with a suggestion", async () => {
  const home = contentFolder({ "frontdesk.yaml": SETTINGS.replaceAll("adapter: playground", "adapter: playgruond") });
  expect((await run(["check", home])).out).toContain('did you mean "playground"');
});

test("procedures are checked, the page that explains them is not", async () => {
  const cancel =
    "---\nid: cancel\ntrigger: { when: They want out., examples: [a b, c d, e f] }\n---\n\n## Do\n\n`@end x`\n";
  const home = contentFolder({
    "frontdesk.yaml": SETTINGS,
    "procedures/README.md": "# Procedures\n",
    "procedures/cancel.md": cancel,
    "procedures/faulty.md": cancel.replace("@end", "@edn").replace("id: cancel", "id: faulty"),
  });
  expect(await run(["check", join(home, "procedures/cancel.md")])).toMatchObject({ code: 0, out: "" });
  const { code, out, err } = await run(["check", join(home, "procedures")]);
  expect(code).toBe(1);
  expect(out).toMatch(/procedures\/faulty\.md:8:2 P009 there is no action @edn \(did you mean "@end"\?\)\n/);
  expect(err).toContain("2 files: 1 fault");
  const beside = contentFolder({ "elsewhere/notes.md": cancel.replace("id: cancel", "id: other") });
  expect((await run(["check", "--home", home, join(beside, "elsewhere/notes.md")])).code).toBe(0);
});
