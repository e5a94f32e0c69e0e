import { spawnSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { EmbeddedFault } from "./fault.ts";

/** Whom the server runs as. `switchTo` is null when it runs as we do. */
export interface Account {
  name: string;
  switchTo: { uid: number; gid: number } | null;
  /** Whether it is lent root's leave to pass through folders on its way that only root may enter. */
  passesAll: boolean;
}

/** What to spawn so that `binary` runs as the account. */
export function launched(binary: string, args: readonly string[], { switchTo, passesAll }: Account) {
  if (switchTo === null || !passesAll) return { command: binary, args, ids: switchTo ?? {} };
  const ids = [`--reuid=${switchTo.uid}`, `--regid=${switchTo.gid}`, "--clear-groups"];
  // setpriv(1), capabilities(7): to look into folders, not to write anything; without the securebit access(2) says no.
  const leave = [
    "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
    "--",
  ];
  return { command: "setpriv", args: [...ids, ...leave, binary, ...args], ids: {} };
}

/** PostgreSQL refuses to run as root; these are the accounts that root lends it instead, best first. */
const LENT_TO = ["postgres", "nobody"];

/**
 * Chooses the account for a server over `folder`. Nobody but root needs one: for root it is the owner of what is
 * already there, else an existing account that owns nothing of worth. No account is ever created.
 */
export async function serverAccount(folder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return { name: `user ${userInfo().username}`, switchTo: null, passesAll: false };
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
    passesAll: false,
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

/**
 * The account as it can reach these paths: a folder that only root may enter (a temporary one, /root) is passed with
 * root's leave, where this system can lend it.
 * @throws EmbeddedFault naming the first folder in the way where it can't.
 */
export async function reaching(account: Account, paths: readonly string[]): Promise<Account> {
  try {
    for (const path of paths) await assertReachable(path, account);
    return account;
  } catch (fault) {
    const lent = { ...account, passesAll: true };
    const { command, args } = launched("true", [], lent);
    if (spawnSync(command, args, { stdio: "ignore" }).status === 0) return lent;
    throw fault;
  }
}

/** @throws EmbeddedFault naming the first folder on the way to `path` that the account cannot pass through. */
async function assertReachable(path: string, { name, switchTo }: Account): Promise<void> {
  if (!switchTo) return;
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const passes = uid === switchTo.uid ? mode & 0o100 : gid === switchTo.gid ? mode & 0o010 : mode & 0o001;
    if (passes === 0) {
      throw new EmbeddedFault(
        `${name} cannot pass through ${folder} on the way to ${path}. Run: chmod o+x ${folder}, ` +
          "or start Frontdesk as an ordinary user, or move it to a folder that all may enter, such as /opt or /srv.",
      );
    }
    if (dirname(folder) === folder) return;
  }
}
