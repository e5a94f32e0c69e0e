import { chmod, copyFile, mkdir, mkdtemp, readdir, readlink, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256 } from "../../lib/digest.ts";
import { type Account, canReach } from "./account.ts";
import type { Binaries } from "./binaries.ts";

/** Paths of the two programs that the server's account can run. */
export interface Programs extends Binaries {
  /** Folder of a copy made for this server, removed when it ends; null: the installed programs are used. */
  copy: string | null;
}

/**
 * Folders for the copy, best first: the first is not cleaned while the server runs, unlike the temporary folder.
 */
const PLACES = ["/var/lib", tmpdir()];

/**
 * Returns programs that the account can run. They find their libraries by their own real path, so when only root may
 * enter a folder above them a copy (60 MB) is made that root owns and others may read.
 */
export async function programsFor(
  account: Account,
  { binaries, folder }: { binaries: Binaries; folder: string },
): Promise<Programs> {
  const installed = dirname(dirname(binaries.postgres));
  const within = ["bin/postgres", "bin/initdb", "lib", "share"].map((name) => join(installed, name));
  if ((await Promise.all(within.map((path) => canReach(account, path)))).every(Boolean))
    return { ...binaries, copy: null };
  const copy = await newFolder(folder);
  try {
    for (const name of ["bin", "lib", "share"]) await copyTree(join(installed, name), join(copy, name));
    return { initdb: join(copy, "bin/initdb"), postgres: join(copy, "bin/postgres"), copy };
  } catch (error) {
    await removeCopy(copy);
    throw error;
  }
}

/** Removes a server's copy. */
export async function removeCopy(copy: string | null): Promise<void> {
  if (copy !== null) await rm(copy, { recursive: true, force: true });
}

/**
 * Removes copies left by killed processes over the same folder. Only for the lock's holder. Another process that is
 * starting keeps its copy, which it needs to find out that the folder is in use.
 */
export async function removeOldCopies(folder: string, { copy }: Pick<Programs, "copy">): Promise<void> {
  if (process.getuid?.() !== 0) return;
  for (const place of PLACES) {
    const names = await readdir(place).catch((): string[] => []);
    const old = names.filter((name) => name.startsWith(prefixOf(folder))).map((name) => join(place, name));
    for (const path of old)
      if (path !== copy && !belongsToLiveProcess(path) && (await isOwnedByRoot(path))) await removeCopy(path);
  }
}

const prefixOf = (folder: string): string => `frontdesk-postgres-${sha256(folder).slice(0, 12)}-`;

/** True when another live process made the copy; its pid follows the prefix. */
function belongsToLiveProcess(path: string): boolean {
  const pid = Number(/-(\d+)-[^-]+$/.exec(path)?.[1] ?? 0);
  if (pid === 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** True when root owns the path: any user may create a folder of that name in the temporary folder. */
const isOwnedByRoot = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ uid }) => uid === 0,
    () => false,
  );

async function newFolder(folder: string): Promise<string> {
  const [first = "", second = ""] = PLACES.map((place) => join(place, `${prefixOf(folder)}${process.pid}-`));
  const made = await mkdtemp(first).catch(() => mkdtemp(second));
  await chmod(made, 0o755);
  return made;
}

/** Copies a folder with modes that let all users read it and only root change it. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      await chmod(target, (await stat(source)).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}
