import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { EmbeddedFault } from "./fault.ts";

/** Whom the server runs as. `switchTo` is null when it runs as we do. */
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
  return { name: `user ${lent.name} (PostgreSQL refuses to run as root)`, switchTo: { uid: lent.uid, gid: lent.gid } };
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

/** @throws EmbeddedFault naming the first folder on the way to `path` that the account cannot pass through. */
export async function assertReachable(path: string, { name, switchTo }: Account): Promise<void> {
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
