/**
 * Reads a file that holds a secret. After following all links it has to be a short regular file that belongs neither to
 * the system nor to a database.
 */
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { withholdPathReason } from "./withheld-secret.ts";

/** Our choice: a private key with its certificate chain takes a quarter of it. */
export const MAX_SECRET_BYTES = 65_536;

/** A file that is refused as a secret. The message follows its name. */
export class SecretFileFault extends Error {
  override readonly name = "SecretFileFault";
}

/** Reads the file's text. Throws SecretFileFault or a system error. */
export function readSecretFile(path: string): string {
  refuse(path);
  const real = realpathSync(path);
  if (real !== path) refuse(real);
  if (isInDatabase(real))
    throw new SecretFileFault("lies in the folder of a database; keep the secret in a file of its own");
  // Non-blocking, because opening a pipe without a writer would wait.
  const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new SecretFileFault("is not a regular file; name a file that holds only the secret");
    if (found.size > MAX_SECRET_BYTES)
      throw new SecretFileFault(`has more than ${MAX_SECRET_BYTES} bytes; name a file that holds only the secret`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function refuse(path: string): void {
  const reason = withholdPathReason(path);
  if (reason !== null) throw new SecretFileFault(reason);
}

/** PostgreSQL puts this file at the top of each data folder. */
function isInDatabase(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "PG_VERSION"))) return true;
    if (dirname(folder) === folder) return false;
  }
}
