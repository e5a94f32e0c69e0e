import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { canReach } from "../../src/store/embedded/account.ts";
import { findBinaries } from "../../src/store/embedded/binaries.ts";
import { programsFor, removeOldCopies } from "../../src/store/embedded/programs.ts";
import { type EmbeddedServer, startEmbedded } from "../../src/store/embedded.ts";
import { COMPILED } from "../support/program.ts";

const asRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const log = createLogger({ level: "silent" });
const open: EmbeddedServer[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) await end(child, "SIGTERM");
  for (const server of open.splice(0)) await server.stop();
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "frontdesk-embedded-"));
  await chmod(path, 0o755);
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function closedFolder(): Promise<string> {
  const path = await folder();
  await chmod(path, 0o700);
  return path;
}

async function start(dataDir: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir, log });
  open.push(server);
  return server;
}

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the server in another process; returns its URL or its error. */
async function startElsewhere(dataDir: string, { uid }: { uid?: number } = {}) {
  const script = fileURLToPath(new URL("embedded-child.mjs", import.meta.url));
  const { command, args, ids } = await asUser(uid, [script, COMPILED, dataDir]);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...ids });
  children.push(child);
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "exit").then(() => ['{"refused":"no output"}']),
  ])) as [string];
  return { child, ...(JSON.parse(line) as { url?: string; refused?: string }) };
}

/** Command that runs Node as a user, with access to this project's folder when only root may enter it. */
async function asUser(uid: number | undefined, args: readonly string[]) {
  const ids = uid === undefined ? {} : { uid, gid: uid };
  const account = { name: `user ${uid}`, switchTo: uid === undefined ? null : { uid, gid: uid } };
  const here = fileURLToPath(new URL(".", import.meta.url));
  if (await canReach(account, here)) return { command: process.execPath, args, ids };
  // setpriv(1), capabilities(7): read access to folders, no write access; access(2) needs the securebit.
  const leave = ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"];
  const as = [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", ...leave, "--", process.execPath];
  return { command: "setpriv", args: [...as, ...args], ids: {} };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

async function postmaster(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, "pg", "postmaster.pid"), "utf8")).split("\n")[0]);
}

describe("the embedded database", () => {
  test("is created on first use, listens on this machine only, and lets only its owner read the password", async () => {
    const dataDir = await folder();
    const { url } = await start(dataDir);
    expect(await query(url, "show server_encoding")).toEqual([{ server_encoding: "UTF8" }]);
    expect(await query(url, "select datcollate from pg_database where datname = 'postgres'")).toEqual([
      { datcollate: "C" },
    ]);
    expect(
      await query(
        url,
        "select current_setting('listen_addresses') as at, current_setting('unix_socket_directories') as sockets",
      ),
    ).toEqual([{ at: "127.0.0.1", sockets: "" }]);
    const wrong = new URL(url);
    wrong.password = "wrong";
    await expect(query(wrong.href, "select 1")).rejects.toThrow(/password authentication failed/);
    const { mode } = await stat(join(dataDir, "pg", "frontdesk.json"));
    expect(mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(["pg"]);
  });

  test("keeps its data, its password and its port across a restart", async () => {
    const dataDir = await folder();
    const first = await start(dataDir);
    await query(first.url, "create table kept as select 1 as one");
    await first.stop();
    const second = await start(dataDir);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "select * from kept")).toEqual([{ one: 1 }]);
  });

  test("moves to another port when its own is taken", async () => {
    const dataDir = await folder();
    const first = await start(dataDir);
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), "127.0.0.1");
    await once(squatter, "listening");
    try {
      const second = await start(dataDir);
      expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
      expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
    } finally {
      squatter.close();
    }
  });

  test("survives the kill of the process that started it", async () => {
    const dataDir = await folder();
    const { child, url } = await startElsewhere(dataDir);
    await query(url ?? "", "create table kept as select 1 as one");
    const orphan = await postmaster(dataDir);
    await end(child, "SIGKILL");
    const next = await start(dataDir);
    expect(await postmaster(dataDir)).not.toBe(orphan);
    expect(await query(next.url, "select * from kept")).toEqual([{ one: 1 }]);
  });

  test("is refused to a second process, whose error names the holder", async () => {
    const dataDir = await folder();
    const { child } = await startElsewhere(dataDir);
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow(
      new RegExp(`is in use by frontdesk pid ${child.pid} on .*Stop that process first`),
    );
  });

  test("goes to exactly one of two processes that start at the same time on an empty folder", async () => {
    const dataDir = await folder();
    const both = await Promise.all([startElsewhere(dataDir), startElsewhere(dataDir)]);
    expect(both.filter(({ url }) => url)).toHaveLength(1);
    expect(both.find(({ refused }) => refused)?.refused).toMatch(/is in use by frontdesk pid \d+/);
  });

  test("restarts at the same address when its server dies", async () => {
    const dataDir = await folder();
    const { url } = await start(dataDir);
    await query(url, "create table kept as select 1 as one");
    const first = await postmaster(dataDir);
    process.kill(first, "SIGKILL");
    await expect
      .poll(() => query(url, "select * from kept").catch(() => "not yet"), { timeout: 10_000 })
      .toEqual([{ one: 1 }]);
    expect(await postmaster(dataDir)).not.toBe(first);
  });

  test("keeps its server when only connections were cut", async () => {
    const dataDir = await folder();
    const { url } = await start(dataDir);
    const first = await postmaster(dataDir);
    await query(url, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()");
    await expect
      .poll(() => query(url, "select count(*)::int as n from pg_locks where locktype = 'advisory'"), { timeout: 5_000 })
      .toEqual([{ n: 1 }]);
    expect(await postmaster(dataDir)).toBe(first);
  });
});

describe("a damaged data folder", () => {
  test("left unfinished by a killed process is moved aside and recreated", async () => {
    const dataDir = await folder();
    await mkdir(join(dataDir, "pg", "base"), { recursive: true });
    await writeFile(join(dataDir, "pg", "PG_VERSION"), "");
    await mkdir(join(dataDir, "pg.making-0000"));
    const { url } = await start(dataDir);
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).map((name) => name.replace(/-.*/, "-…"))).toEqual(["pg", "pg.unfinished-…"]);
  });

  describe("after it was used", () => {
    let dataDir: string;
    let port: string;
    const inFolder = (name: string) => join(dataDir, "pg", name);
    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), "frontdesk-embedded-"));
      await chmod(dataDir, 0o755);
      const server = await startEmbedded({ dataDir, log });
      port = new URL(server.url).port;
      await server.stop();
    });
    afterAll(() => rm(dataDir, { recursive: true, force: true }));

    /** Replaces a file's content for one test. */
    async function replace(name: string, text: string | null): Promise<void> {
      const before = await readFile(inFolder(name), "utf8").catch(() => null);
      const { uid, gid } = await stat(inFolder("."));
      if (text === null) await rm(inFolder(name));
      else await writeFile(inFolder(name), text);
      if (text !== null) await chown(inFolder(name), uid, gid);
      onTestFinished(async () => {
        if (before !== null) await writeFile(inFolder(name), before);
        if (before !== null) await chown(inFolder(name), uid, gid);
      });
    }

    test("without PG_VERSION is not replaced by an empty database", async () => {
      await replace("PG_VERSION", null);
      await expect(startEmbedded({ dataDir, log })).rejects.toThrow(/PG_VERSION is missing or damaged.*backup/);
    });

    test("of another PostgreSQL version: the error names it and two fixes", async () => {
      await replace("PG_VERSION", "15\n");
      await expect(startEmbedded({ dataDir, log })).rejects.toThrow(
        /was created by PostgreSQL 15, and the embedded server is 18[\s\S]*pg_dumpall[\s\S]*DATABASE_URL/,
      );
    });

    test("without its password file: the error names the file", async () => {
      await replace("frontdesk.json", null);
      await expect(startEmbedded({ dataDir, log })).rejects.toThrow(/frontdesk\.json is missing or damaged/);
    });

    test.each([
      [
        "names somebody else's process",
        () => `${[process.ppid, inFolder("."), 0, port, "", "", "", "ready"].join("\n")}\n`,
      ],
      ["is empty after a power cut", () => ""],
    ])("with a postmaster.pid that %s starts", async (_, text) => {
      await replace("postmaster.pid", text());
      expect(await query((await start(dataDir)).url, "select 1 as one")).toEqual([{ one: 1 }]);
    });
  });

  describe.runIf(asRoot)("behind a folder that only root may enter", () => {
    test("is used by a server without root's rights and capabilities, also after a restart", async () => {
      const dataDir = join(await closedFolder(), "data");
      const first = await startEmbedded({ dataDir, log });
      await query(first.url, "create table kept as select 1 as one");
      await expect(query(first.url, "select pg_read_file('/etc/shadow')")).rejects.toThrow(/Permission denied/);
      const status = await readFile(`/proc/${await postmaster(dataDir)}/status`, "utf8");
      expect(status.match(/^Cap(Inh|Prm|Eff|Amb):.*$/gm)).toEqual(
        ["Inh", "Prm", "Eff", "Amb"].map((set) => expect.stringMatching(new RegExp(`^Cap${set}:\\s0+$`))),
      );
      expect(status).toMatch(/^Groups:\s*$/m);
      await first.stop();
      await using second = await startEmbedded({ dataDir, log });
      expect(await query(second.url, "select * from kept")).toEqual([{ one: 1 }]);
      expect((await stat(join(dataDir, "pg"))).uid).not.toBe(0);
      expect(await readdir(dataDir)).toEqual(["pg"]);
    });

    test("is restored when its server dies, and an orphan is recognised as its server", async () => {
      const dataDir = join(await closedFolder(), "data");
      const { child, url } = await startElsewhere(dataDir);
      await query(url ?? "", "create table kept as select 1 as one");
      await end(child, "SIGKILL");
      const next = await start(dataDir);
      process.kill(await postmaster(dataDir), "SIGKILL");
      await expect
        .poll(() => query(next.url, "select * from kept").catch(() => "not yet"), { timeout: 20_000 })
        .toEqual([{ one: 1 }]);
    });

    test("copies its programs for the account, owned by root and readable by all, until the server ends", async () => {
      const installed = join(await closedFolder(), "native");
      const native = dirname(dirname((await findBinaries()).postgres));
      await cp(native, installed, { recursive: true, verbatimSymlinks: true });
      const binaries = { initdb: join(installed, "bin/initdb"), postgres: join(installed, "bin/postgres") };
      const account = { name: "user nobody", switchTo: { uid: NOBODY, gid: NOBODY } };
      const programs = await programsFor(account, { binaries, folder: installed });
      onTestFinished(() => removeOldCopies(installed, { copy: null }));
      expect(programs.copy).not.toBeNull();
      expect(await stat(programs.postgres)).toMatchObject({ uid: 0, mode: 0o100755 });
      const said = spawnSync(programs.initdb, ["--version"], { uid: NOBODY, gid: NOBODY, cwd: "/", encoding: "utf8" });
      expect(said.stdout).toMatch(/PostgreSQL\) 18/);
      await removeOldCopies(installed, { copy: programs.copy });
      expect((await stat(programs.copy ?? "")).isDirectory()).toBe(true);
      const of = (pid: number) => (programs.copy ?? "").replace(`-${process.pid}-`, `-${pid}-`);
      const [starting, killed] = [of(process.ppid), of(99_999_999)];
      for (const path of [starting, killed]) await mkdir(path);
      onTestFinished(() => rm(starting, { recursive: true }));
      await removeOldCopies(installed, { copy: null });
      for (const path of [programs.copy ?? "", killed]) await expect(stat(path)).rejects.toThrow("ENOENT");
      expect((await stat(starting)).isDirectory()).toBe(true);
    });
  });

  test.runIf(asRoot)("works for an ordinary user, too", async () => {
    const dataDir = await folder();
    await chown(dataDir, NOBODY, NOBODY);
    const { url } = await startElsewhere(dataDir, { uid: NOBODY });
    expect(await query(url ?? "", "select 1 as one")).toEqual([{ one: 1 }]);
    expect((await stat(join(dataDir, "pg"))).uid).toBe(NOBODY);
  });

  test("that is a file or not writable is refused", async () => {
    const dataDir = await folder();
    await writeFile(join(dataDir, "taken"), "");
    await expect(startEmbedded({ dataDir: join(dataDir, "taken"), log })).rejects.toThrow(/taken/);
    if (!asRoot) await chmod(dataDir, 0o555);
    const { refused } = await startElsewhere(dataDir, asRoot ? { uid: NOBODY } : {});
    expect(refused).toMatch(/may not use .*chown/);
  });
});
