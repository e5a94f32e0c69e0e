import { EventEmitter, once } from "node:events";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Capabilities } from "../../src/adapter/capabilities.ts";
import { compileContent } from "../../src/content/compile.ts";
import { formatDiagnostic, formatGithub, formatWithExcerpt } from "../../src/content/print.ts";
import { readContent } from "../../src/content/read.ts";
import { watchContent } from "../../src/content/watch.ts";

const can: Capabilities = {
  text: { max: 160, unit: "septets" },
  options: { support: "fallback", max: 9, maxLabel: 40 },
  reservedWords: ["stop"],
  attachments: { support: "dropped", maxBytes: 0 },
  edit: "rejected",
  hint: "dropped",
  typing: "dropped",
  reconcile: "dropped",
  receipts: "native",
  quietMs: 0,
};
const options = {
  capabilities: ({ adapter, entry }: { adapter: string; entry: Readonly<Record<string, unknown>> }) => {
    if (entry["broken"] === true) throw new Error("from: is wanted");
    return adapter === "playground" ? can : null;
  },
  adapters: ["playground"],
};

const SETTINGS =
  "channels: { playground: { adapter: playground } }\ndesk: { adapter: playground }\ndefault_queue: front-line\nqueues: { front-line: }\n";
const workflow = (id: string, rest = "", step = "{ handoff: front-line }"): string =>
  `id: ${id}\non: conversation.opened\n${rest}steps: [${step}]\n`;
const CRM = "id: crm\nbase_url: https://crm.example\noperations:\n  ping: { kind: read, request: GET /ping }\n";

const SECRET_CRM = CRM.replace("https://crm.example", '"env:CRM_URL"\nauth: { bearer: "env:CRM_TOKEN" }');

const FILES = {
  "frontdesk.yaml": SETTINGS,
  "workflows/b.yaml": workflow("b"),
  "workflows/a.yaml": workflow("a"),
  "workflows/z.yaml": workflow("z", "priority: 1\n", "{ use: crm.ping }"),
  "connectors/crm.yaml": CRM,
};

const codes = (files: Record<string, string>): string[] =>
  compileContent(files, options).diagnostics.map(formatDiagnostic);

describe("a content folder", () => {
  test("compiles, with workflows sorted by priority, then by file", () => {
    const { content, diagnostics } = compileContent(FILES, options);
    expect(diagnostics).toEqual([]);
    expect(content?.workflows.map(({ id }) => id)).toEqual(["z", "a", "b"]);
    expect(Object.keys(content?.connectors ?? {})).toEqual(["crm"]);
    expect(content?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("has a hash that is independent of the order of its files", () => {
    const turned = Object.fromEntries(Object.entries(FILES).toReversed());
    const hash = compileContent(FILES, options).content?.hash;
    expect(compileContent(turned, options).content?.hash).toBe(hash);
    expect(
      compileContent({ ...FILES, "workflows/a.yaml": `${FILES["workflows/a.yaml"]}\n` }, options).content?.hash,
    ).not.toBe(hash);
  });

  test.each<[string, Record<string, string>, string[]]>([
    ["without frontdesk.yaml", { "workflows/a.yaml": workflow("a") }, ["frontdesk.yaml:1:1 F001"]],
    ["with an id twice", { ...FILES, "workflows/c.yaml": workflow("a") }, ["workflows/c.yaml:1:5 W121"]],
    ["with a connector's id twice", { ...FILES, "connectors/d.yaml": CRM }, ["connectors/d.yaml:1:5 C121"]],
    [
      "with a channel that no adapter runs",
      {
        ...FILES,
        "frontdesk.yaml": SETTINGS.replaceAll("adapter: playground", "adapter: playgruond").replace(
          "desk: { adapter: playgruond",
          "desk: { channel: playground, adapter: playgruond",
        ),
      },
      ["frontdesk.yaml:1:13 F107"],
    ],
    [
      "with a channel that its adapter refuses",
      { ...FILES, "frontdesk.yaml": SETTINGS.replace("playground }", "playground, broken: true }") },
      ["frontdesk.yaml:1:13 F108"],
    ],
    [
      "with a handoff to an unknown queue",
      { ...FILES, "workflows/c.yaml": workflow("c", "", "{ handoff: leads }") },
      ["workflows/c.yaml:3:20 W101"],
    ],
    [
      "with faults in several files",
      { ...FILES, "workflows/c.yaml": workflow("c", "", "{ sya: x }"), "connectors/crm.yaml": `${CRM}kid: x\n` },
      ["connectors/crm.yaml:5:1 C005", "workflows/c.yaml:3:11 W009"],
    ],
    [
      "with a connector whose secrets frontdesk.yaml does not list",
      { ...FILES, "connectors/crm.yaml": SECRET_CRM },
      ["connectors/crm.yaml:2:11 C205", "connectors/crm.yaml:3:17 C205"],
    ],
    [
      "with a list for an unknown connector",
      { ...FILES, "frontdesk.yaml": `${SETTINGS}secrets: { crn: ["env:CRM_TOKEN"] }\n` },
      ["frontdesk.yaml:5:12 F102"],
    ],
    [
      "with faulty settings reports no consequences of them",
      { ...FILES, "frontdesk.yaml": `${SETTINGS}knowledge: {}\n` },
      ["frontdesk.yaml:5:1 F008"],
    ],
  ])("%s", (_, files, expected) => {
    expect(compileContent(files, options).content).toBeNull();
    expect(codes(files)).toEqual(expected.map((start) => expect.stringMatching(new RegExp(`^${start} `))));
  });

  test("reports where to list a connector's secret, and compiles once it is in that connector's list", () => {
    const files = { ...FILES, "connectors/crm.yaml": SECRET_CRM };
    const { diagnostics } = compileContent(files, options);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'env:CRM_URL is not listed for this connector; add "env:CRM_URL" under "secrets: crm:" in frontdesk.yaml',
      'env:CRM_TOKEN is not listed for this connector; add "env:CRM_TOKEN" under "secrets: crm:" in frontdesk.yaml',
    ]);
    const listed = (lists: string) => codes({ ...files, "frontdesk.yaml": `${SETTINGS}secrets: ${lists}\n` });
    expect(listed('{ crm: ["env:CRM_URL", "env:CRM_TOKEN"] }')).toEqual([]);
    expect(listed('{ crm: ["env:CRM_URL", "env:CRM_TOKENS"] }')).toHaveLength(1);
  });

  test("that is stored loads again without lists; its calls are refused when they are made", () => {
    const files = { ...FILES, "connectors/crm.yaml": SECRET_CRM };
    expect(compileContent(files, { ...options, stored: true }).content).not.toBeNull();
    expect(compileContent(files, { ...options, stored: false }).content).toBeNull();
  });

  test("with only a warning compiles", () => {
    const files = { ...FILES, "workflows/c.yaml": workflow("c", "", "{ say: { en: Hi } }, { say: Bye }") };
    const { content, diagnostics } = compileContent(files, options);
    expect(diagnostics.map(({ code }) => code)).toEqual(["W122"]);
    expect(content).not.toBeNull();
  });
});

describe("a diagnostic is formatted", () => {
  const diagnostic = {
    file: "workflows/a,b.yaml",
    line: 2,
    column: 5,
    code: "W010",
    severity: "error",
    message: 'no 100% trigger\n"x"',
  } as const;

  test("in one line", () =>
    expect(formatDiagnostic(diagnostic)).toBe('workflows/a,b.yaml:2:5 W010 no 100% trigger "x"'));
  test("with its line and a caret", () => {
    expect(formatWithExcerpt(diagnostic, "id: a\non: x\n").split("\n").slice(1)).toEqual([
      "    2 | on: x",
      "      |     ^",
    ]);
  });
  test("as a GitHub annotation", () => {
    expect(formatGithub(diagnostic)).toBe(
      '::error file=workflows/a%2Cb.yaml,line=2,col=5,title=W010::no 100%25 trigger%0A"x"',
    );
  });
});

describe("on disk", () => {
  let home = "";
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "content-"));
    await mkdir(join(home, "workflows"));
    await writeFile(join(home, "frontdesk.yaml"), SETTINGS);
    await writeFile(join(home, "workflows/a.yaml"), workflow("a"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  test("reads content files and skips editors' own files", async () => {
    for (const name of [".a.yaml.swp", "#a.yaml#", "a.yaml~", ".b.yaml", "note.txt"])
      await writeFile(join(home, "workflows", name), "x");
    expect(await readContent(home)).toEqual({
      files: { "frontdesk.yaml": SETTINGS, "workflows/a.yaml": workflow("a") },
      diagnostics: [],
    });
  });

  test("reads procedures, and not the page that explains them", async () => {
    await mkdir(join(home, "procedures"));
    for (const name of ["cancel.md", "README.md", "notes.txt", ".x.md"])
      await writeFile(join(home, "procedures", name), "x");
    expect(Object.keys((await readContent(home)).files)).toEqual([
      "frontdesk.yaml",
      "workflows/a.yaml",
      "procedures/cancel.md",
    ]);
  });

  test("drops a byte order mark", async () => {
    await writeFile(join(home, "workflows/a.yaml"), `\uFEFF${workflow("a")}`);
    expect((await readContent(home)).files["workflows/a.yaml"]).toBe(workflow("a"));
  });

  test.each<[string, Uint8Array | string, string]>([
    ["is not UTF-8", new Uint8Array([0x69, 0xff, 0xfe]), "not UTF-8"],
    ["holds a NUL", "id: a\0", "NUL"],
    ["is too large", "x".repeat(1_000_001), "1000001 bytes"],
  ])("reports a file that %s", async (_, bytes, message) => {
    await writeFile(join(home, "workflows/a.yaml"), bytes);
    expect((await readContent(home)).diagnostics).toMatchObject([
      { file: "workflows/a.yaml", code: "W001", message: expect.stringContaining(message) as string },
    ]);
  });

  test("reports a missing folder, and a folder in place of a file", async () => {
    expect((await readContent(join(home, "nowhere"))).diagnostics).toMatchObject([
      { code: "F001", message: expect.stringContaining("nowhere") as string },
    ]);
    await mkdir(join(home, "workflows/b.yaml"));
    expect((await readContent(home)).diagnostics).toMatchObject([
      { file: "workflows/b.yaml", message: "this is not a file" },
    ]);
  });

  test("follows a link only to a content file of the same folder", async () => {
    await writeFile(join(home, ".env"), "CRM_TOKEN=very-secret");
    await writeFile(join(home, "secrets.yaml"), "very-secret");
    await mkdir(join(home, "workflows/..data"));
    await writeFile(join(home, "workflows/..data/c.yaml"), workflow("c"));
    await symlink("..data/c.yaml", join(home, "workflows/c.yaml"));
    for (const [name, target] of [
      ["d", "../.env"],
      ["e", "../secrets.yaml"],
      ["f", "/etc/passwd"],
    ] as const)
      await symlink(target, join(home, `workflows/${name}.yaml`));
    const { files, diagnostics } = await readContent(home);
    expect(files["workflows/c.yaml"]).toBe(workflow("c"));
    expect(Object.keys(files).filter((path) => /[def]\.yaml$/.test(path))).toEqual([]);
    expect(diagnostics.map(({ file, message }) => `${file}: ${message}`)).toEqual(
      ["d", "e", "f"].map(
        (name) => `workflows/${name}.yaml: this link points out of its folder; put the file itself here`,
      ),
    );
  });

  const save = (text: string) => writeFile(join(home, "workflows/a.yaml"), text);
  test.each<[string, () => Promise<void>]>([
    ["a file is written", () => save("x")],
    [
      "a file is renamed over another",
      async () => {
        await writeFile(join(home, "workflows/.a.tmp"), "x");
        await rename(join(home, "workflows/.a.tmp"), join(home, "workflows/a.yaml"));
      },
    ],
    ["a file is removed", () => rm(join(home, "workflows/a.yaml"))],
    ["the settings change", () => writeFile(join(home, "frontdesk.yaml"), "x")],
    [
      "a folder comes new, and a file into it",
      async () => {
        await mkdir(join(home, "connectors"));
        await writeFile(join(home, "connectors/crm.yaml"), "x");
      },
    ],
    [
      "a procedure comes into a new folder",
      async () => {
        await mkdir(join(home, "procedures"));
        await writeFile(join(home, "procedures/cancel.md"), "x");
      },
    ],
  ])("notices when %s", async (_, act) => {
    const changes = new EventEmitter();
    const heard = once(changes, "told");
    await using watcher = watchContent(home, {
      onChange: () => void changes.emit("told"),
      onFault: (error) => void changes.emit("error", error),
    });
    await watcher.ready;
    await act();
    await heard;
  });

  test("keeps watching after an editor replaced a file and after a fault", async () => {
    const faults: unknown[] = [];
    let heard: (() => void)[] = [];
    const next = () => new Promise<void>((resolve) => heard.push(resolve));
    let broken = true;
    const onChange = (): void => {
      for (const tell of heard.splice(0)) tell();
      if (broken) throw new Error("could not compile");
    };
    await using watcher = watchContent(home, { onChange, onFault: (error) => faults.push(error) });
    await watcher.ready;
    for (const text of ["one", "two", "three"]) {
      const told = next();
      await writeFile(join(home, "workflows/.tmp"), text);
      await rename(join(home, "workflows/.tmp"), join(home, "workflows/a.yaml"));
      await told;
      broken = false;
    }
    expect(faults).toHaveLength(1);
    heard = [];
  });
});
