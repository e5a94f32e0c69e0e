import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { EmbeddedFault } from "./fault.ts";

/** Whom the server runs as, with no capability of root's. `switchTo` is null when it runs as we do. */
export interface Account {
  name: string;
  switchTo: { uid: number; gid: number } | null;
}

/** PostgreSQL refuses to run as root; these are the accounts that root lends it instead, best first. */
const LENT_TO = ["postgres", "nobody"];

/**
 * Chooses the account for a server over `folder`. Nobody but root needs one: for root it is the owner of what is
 * already there, else an existing account that owns nothing of worth. No account is ever created.
 */
export async function serverAccount(folder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return { name: `user ${userInfo().username}`, switchTo: null };
  const accounts = await knownAccounts();
  const owner = await stat(folder).then(
    ({ uid }) => uid,
    () => 0,
  );
  const lent =
    accounts.find(({ uid }) => uid === owner && uid !== 0) ??
    LENT_TO.map((name) => accounts.find((known) => known.name === name)).find((known) => known);
  if (!lent) {
    throw new EmbeddedFault(
      "PostgreSQL refuses to run as root, and there is no account named postgres or nobody to lend it. " +
        "Start Frontdesk as an ordinary user, or set DATABASE_URL.",
    );
  }
  return {
    name: `user ${lent.name} (PostgreSQL refuses to run as root)`,
    switchTo: { uid: lent.uid, gid: lent.gid },
  };
}

/** The accounts of /etc/passwd that are not root's. */
async function knownAccounts(): Promise<{ name: string; uid: number; gid: number }[]> {
  const text = await readFile("/etc/passwd", "utf8").catch(() => "");
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid, gid }) => name !== "" && uid > 0 && gid >= 0);
}

/** Tells whether the account can pass through every folder on the way to `path`, and enter or run what is there. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  return (await firstObstacle(account, path)) === null;
}

/** The first thing on the way to `path`, from there up, that the account may not pass; null: nothing is. */
async function firstObstacle({ switchTo }: Account, path: string): Promise<string | null> {
  if (!switchTo) return null;
  for (let here = path; ; here = dirname(here)) {
    const { mode, uid, gid } = await stat(here);
    const passes = uid === switchTo.uid ? mode & 0o100 : gid === switchTo.gid ? mode & 0o010 : mode & 0o001;
    if (passes === 0) return here;
    if (dirname(here) === here) return null;
  }
}

/** Linux's name for the folder that a process is in, whatever lies above it (proc(5)). */
const OWN_FOLDER = "/proc/self/cwd";

/**
 * The path by which the account's programs find the folder they are started in. Where only root may enter a folder above
 * it (/root, a temporary one), they find it as their own: they are put there before they become that account.
 * @throws EmbeddedFault naming the first folder in the way where this system has no such name.
 */
export async function pathNamer(account: Account, folder: string): Promise<(inside: string) => string> {
  const way = await firstObstacle(account, folder);
  if (way === null) return (inside) => inside;
  if (existsSync(OWN_FOLDER)) return () => OWN_FOLDER;
  throw new EmbeddedFault(
    `${account.name} cannot pass through ${way} on the way to ${folder}. Run: chmod o+x ${way}, ` +
      "or start Frontdesk as an ordinary user, or move it to a folder that all may enter, such as /opt or /srv.",
  );
}
