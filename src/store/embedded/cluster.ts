import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, open, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Logger } from "../../lib/logger.ts";
import { type Account, pathNamer, serverAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { EmbeddedFault, toEmbeddedFault } from "./fault.ts";
import { type Programs, programsFor, removeCopy, removeOldCopies } from "./programs.ts";

const secretSchema = z.object({ password: z.string().min(1), port: z.int().positive() });

/** A complete PostgreSQL data folder, with everything needed to start a server over it. */
export interface Cluster {
  folder: string;
  account: Account;
  programs: Programs;
  /** Maps a folder to the path by which the account's programs, started in it, can open it. */
  pathOf: (folder: string) => string;
  password: string;
  /** The port that it last listened on. */
  port: number;
}

const SECRET_FILE = "frontdesk.json";

/**
 * Returns the cluster of `dataDir`, creating it if there is none. It is created in a temporary folder and then renamed,
 * so that an unfinished one is never used, and when two processes create one at the same time both use the first.
 */
export async function prepareCluster(dataDir: string, { log }: { log: Logger }): Promise<Cluster> {
  const home = await openDataFolder(dataDir);
  const folder = join(home, "pg");
  const account = await serverAccount(folder);
  const pathOf = await pathNamer(account, home);
  const programs = await programsFor(account, { binaries: await findBinaries(), folder });
  try {
    await moveHalfMadeAside(folder, log);
    if (!(await exists(join(folder, "PG_VERSION")))) await makeCluster({ folder, account, programs, pathOf }, log);
    return { folder, account, programs, pathOf, ...(await readClusterSecret(folder)) };
  } catch (cause) {
    await removeCopy(programs.copy);
    throw cause instanceof EmbeddedFault ? cause : toEmbeddedFault(String(cause), { folder, user: account.name });
  }
}

/** Removes unfinished clusters and program copies of killed processes. Only for the lock's holder. */
export async function removeLeftovers({ folder, programs }: Cluster, { log }: { log: Logger }): Promise<void> {
  const home = dirname(folder);
  const leftovers = (await readdir(home)).filter((name) => name.startsWith("pg.making-"));
  for (const name of leftovers) await removeFolder(join(home, name), log);
  await removeOldCopies(folder, programs);
}

/** Removes a folder that another process may be writing to or removing. What remains is removed at the next start. */
async function removeFolder(path: string, log: Logger): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  } catch (error) {
    log.warn({ err: error, path }, "leftover folder not removed");
  }
}

/** Stores the port for the next start. */
export async function rememberPort(cluster: Cluster): Promise<void> {
  await writeClusterSecret(cluster.folder, { password: cluster.password, port: cluster.port }, cluster.account);
}

/** Finds a TCP port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A clean environment for the server's programs: ours could set PGDATA or another locale. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}

async function openDataFolder(dataDir: string): Promise<string> {
  try {
    // Not recursive: a `recursive` mkdir never returns below /proc.
    await mkdir(dataDir).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    if (!(await stat(dataDir)).isDirectory()) {
      throw new EmbeddedFault(`The data folder ${dataDir} is a file. Choose another one.`);
    }
    return await realpath(dataDir);
  } catch (cause) {
    if (cause instanceof EmbeddedFault) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
      throw new EmbeddedFault(
        `${dataDir} can't be created in ${dirname(dataDir)}. Create that folder, or choose another one.`,
      );
    }
    throw toEmbeddedFault(String(cause), { folder: dataDir, user: "This user" });
  }
}

/**
 * Moves an unfinished cluster aside. A folder without a complete PG_VERSION was never a working cluster, unless a server
 * has run on it (postmaster.opts): then a file was lost, and a new database would hide that.
 */
async function moveHalfMadeAside(folder: string, log: Logger): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (entries === null) return;
  const version = await readFile(join(folder, "PG_VERSION"), "utf8").catch(() => "");
  if (/^\d+\n/.test(version)) return;
  if (entries.includes("postmaster.opts")) {
    throw new EmbeddedFault(
      `${folder} contains a database whose file PG_VERSION is missing or damaged. ` +
        "Restore the folder from a backup, or move it away to begin with an empty database.",
    );
  }
  if (entries.length === 0) return;
  const aside = `${folder}.unfinished-${randomBytes(4).toString("hex")}`;
  await rename(folder, aside);
  log.warn({ folder, aside }, "unfinished database folder moved aside");
}

type Making = Pick<Cluster, "folder" | "account" | "programs" | "pathOf">;

async function makeCluster(about: Making, log: Logger): Promise<void> {
  const { folder, account } = about;
  const making = `${folder}.making-${randomBytes(4).toString("hex")}`;
  const passwordFile = `${making}.password`;
  const secret = { password: randomBytes(24).toString("base64url"), port: await freePort() };
  try {
    await mkdir(making, { mode: 0o700 });
    await writeFile(passwordFile, `${secret.password}\n`, { mode: 0o600 });
    if (account.switchTo)
      for (const path of [making, passwordFile]) await chown(path, account.switchTo.uid, account.switchTo.gid);
    await initdb([making, passwordFile], about);
    await writeClusterSecret(making, secret, account);
    await rename(making, folder);
  } catch (error) {
    // Another process finished first: use its cluster.
    if (await exists(join(folder, "PG_VERSION"))) return;
    throw error;
  } finally {
    await rm(passwordFile, { force: true });
    await removeFolder(making, log);
  }
}

async function initdb([making, passwordFile]: [string, string], { folder, account, programs, pathOf }: Making) {
  const pgdata = pathOf(making);
  // A file that the account can't open by its path is passed as an open descriptor.
  const password = await open(passwordFile);
  const pwfile = pgdata === making ? passwordFile : "/dev/stdin";
  const flags = [`--pgdata=${pgdata}`, `--pwfile=${pwfile}`, "--username=postgres", "--auth=scram-sha-256"];
  try {
    const child = spawn(programs.initdb, [...flags, "--encoding=UTF8", "--locale=C"], {
      ...account.switchTo,
      env: serverEnvironment(),
      cwd: making,
      stdio: [password.fd, "ignore", "pipe"],
    });
    const { code, output } = await exitOf(child);
    if (code !== 0) throw toEmbeddedFault(output, { folder, user: account.name });
  } finally {
    await password.close();
  }
}

async function exitOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, output: error.message }));
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** Reads the password and port of the cluster in a folder. Throws EmbeddedFault when they are missing. */
export async function readClusterSecret(folder: string): Promise<z.infer<typeof secretSchema>> {
  const path = join(folder, SECRET_FILE);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  try {
    return secretSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new EmbeddedFault(
      `${path} is missing or damaged, and with it the password of the database in ${folder}. ` +
        "Restore that file, or choose another data folder.",
      { cause },
    );
  }
}

/** Writes the file atomically, with mode 0600, owned by the server's account like everything else in the folder. */
async function writeClusterSecret(
  folder: string,
  secret: z.infer<typeof secretSchema>,
  { switchTo }: Account,
): Promise<void> {
  const fresh = join(folder, `${SECRET_FILE}.new`);
  await writeFile(fresh, `${JSON.stringify(secret)}\n`, { mode: 0o600 });
  if (switchTo) await chown(fresh, switchTo.uid, switchTo.gid);
  await rename(fresh, join(folder, SECRET_FILE));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
