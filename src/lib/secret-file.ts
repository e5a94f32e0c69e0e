/**
 * Reads a file that holds a secret, and no other kind of file: what it names in the end, all links followed, is a short
 * regular file that is neither the system's nor a database's.
 */
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { withholdPathReason } from "./withheld-secret.ts";

/** Our own: a private key with its chain of certificates has a quarter of it. */
export const MAX_SECRET_BYTES = 65_536;

/** A file that is not read as a secret; the message is to be read after its name. */
export class SecretFileFault extends Error {
  override readonly name = "SecretFileFault";
}

/** The text of the file. Throws SecretFileFault, and what the system says where it can't be read. */
export function readSecretFile(path: string): string {
  refuse(path);
  const real = realpathSync(path);
  if (real !== path) refuse(real);
  if (isInDatabase(real)) throw new SecretFileFault("lies in the folder of a database; keep it in a file of its own");
  // Without waiting: a pipe has no other end.
  const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new SecretFileFault("is no regular file; name a file that holds the secret alone");
    if (found.size > MAX_SECRET_BYTES)
      throw new SecretFileFault(`has more than ${MAX_SECRET_BYTES} bytes; name a file that holds the secret alone`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function refuse(path: string): void {
  const reason = withholdPathReason(path);
  if (reason !== null) throw new SecretFileFault(reason);
}

/** PostgreSQL marks the head of each of its data folders by this file. */
function isInDatabase(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "PG_VERSION"))) return true;
    if (dirname(folder) === folder) return false;
  }
}
