import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { EmbeddedFault } from "./fault.ts";

/** The account that runs the server, without root's capabilities. `switchTo` is null when it is our own account. */
export interface Account {
  name: string;
  switchTo: { uid: number; gid: number } | null;
}

/** PostgreSQL refuses to run as root; these accounts are used instead, best first. */
const FALLBACK_ACCOUNTS = ["postgres", "nobody"];

/**
 * Chooses the account for a server over `folder`. Started by root, it is the folder's owner, else one of the fallback
 * accounts. No account is ever created.
 */
export async function serverAccount(folder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return { name: `user ${userInfo().username}`, switchTo: null };
  const accounts = await knownAccounts();
  const owner = await stat(folder).then(
    ({ uid }) => uid,
    () => 0,
  );
  const account =
    accounts.find(({ uid }) => uid === owner && uid !== 0) ??
    FALLBACK_ACCOUNTS.map((name) => accounts.find((known) => known.name === name)).find((known) => known);
  if (!account) {
    throw new EmbeddedFault(
      "PostgreSQL refuses to run as root, and there is no account named postgres or nobody to run it. " +
        "Start Frontdesk as an ordinary user, or set DATABASE_URL.",
    );
  }
  return {
    name: `user ${account.name} (PostgreSQL refuses to run as root)`,
    switchTo: { uid: account.uid, gid: account.gid },
  };
}

/** Lists the accounts of /etc/passwd except root. */
async function knownAccounts(): Promise<{ name: string; uid: number; gid: number }[]> {
  const text = await readFile("/etc/passwd", "utf8").catch(() => "");
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid, gid }) => name !== "" && uid > 0 && gid >= 0);
}

/** True when the account may enter every folder above `path`, and enter or execute `path` itself. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  return (await firstObstacle(account, path)) === null;
}

/** Returns the first path from `path` upwards that the account may not enter; null when there is none. */
async function firstObstacle({ switchTo }: Account, path: string): Promise<string | null> {
  if (!switchTo) return null;
  for (let here = path; ; here = dirname(here)) {
    const { mode, uid, gid } = await stat(here);
    const passes = uid === switchTo.uid ? mode & 0o100 : gid === switchTo.gid ? mode & 0o010 : mode & 0o001;
    if (passes === 0) return here;
    if (dirname(here) === here) return null;
  }
}

/** Linux's path of a process's working directory, whatever its parents' permissions (proc(5)). */
const WORKING_FOLDER = "/proc/self/cwd";

/**
 * Returns a function that maps a folder to the path by which the account's programs, started in it, can open it. When
 * only root may enter a parent folder (/root, a temporary one), that is their working directory, set before they switch
 * to the account.
 * @throws EmbeddedFault naming the first obstacle when this system has no such path.
 */
export async function pathNamer(account: Account, folder: string): Promise<(inside: string) => string> {
  const obstacle = await firstObstacle(account, folder);
  if (obstacle === null) return (inside) => inside;
  if (existsSync(WORKING_FOLDER)) return () => WORKING_FOLDER;
  throw new EmbeddedFault(
    `${account.name} cannot enter ${obstacle} on the way to ${folder}. Run: chmod o+x ${obstacle}, ` +
      "or start Frontdesk as an ordinary user, or move it to a folder that all users may enter, such as /opt or /srv.",
  );
}
