/**
 * Secrets that no channel and no connector gets, though a file names them: what Frontdesk runs on, and what the system
 * tells its programs. Pure; a reference is a text, "env:NAME" or "file:/path".
 */

/** Every variable that Frontdesk itself reads; `src/environment.ts` describes exactly these. */
export const OWN_VARIABLES = [
  "ADMIN_HOST",
  "ADMIN_PORT",
  "DATABASE_URL",
  "REDIS_URL",
  "FRONTDESK_HOME",
  "FRONTDESK_DATA",
  "PORT",
  "HOST",
  "PUBLIC_URL",
  "LOG_LEVEL",
  "FRONTDESK_PLAYGROUND",
  "NODE_ENV",
] as const;

/** What PostgreSQL, Redis, Node, npm, loaders, clouds and shells are told by the environment, logins among it. */
const PROGRAMS =
  /^(?:FRONTDESK_|PG[A-Z]|POSTGRES_|REDIS_|NODE_|NPM_|LD_|DYLD_|AWS_|AZURE_CLIENT_|GOOGLE_APPLICATION_|KUBERNETES_|SSH_|SSL_|OPENSSL_)|_PROXY$/i;
const SHELL: ReadonlySet<string> = new Set(["PATH", "HOME", "USER", "SHELL", "PWD", "TMPDIR"]);

/** Files that tell about the system or its processes, and are none that anybody keeps a secret in. */
const SYSTEM_FOLDERS = /^\/(?:proc|dev|sys)(?:\/|$)/;
/** Our own settings with all their secrets, and the password of our own database (data/pg/frontdesk.json). */
const OWN_FILES = /^(?:\.env(?:\..*)?|frontdesk\.json|\.pgpass)$/;

/** Why a reference is given to nobody, to be read after it; null: nothing is against it. */
export function withholdReason(ref: string): string | null {
  const name = /^env:(.*)$/s.exec(ref)?.[1];
  const path = /^file:(.*)$/s.exec(ref)?.[1];
  if (name !== undefined) return withholdVariableReason(name);
  return path === undefined ? null : withholdPathReason(path);
}

function withholdVariableReason(name: string): string | null {
  const own = OWN_VARIABLES.some((variable) => variable === name.toUpperCase());
  if (!own && !PROGRAMS.test(name) && !SHELL.has(name.toUpperCase())) return null;
  return "is a variable of Frontdesk or of the system, and is given to no channel and no connector; keep the secret in a variable of its own";
}

/** The same for a file by its path, which has to be absolute and without detours, so that equal files are equal texts. */
export function withholdPathReason(path: string): string | null {
  const segments = path.split("/").slice(1);
  if (!path.startsWith("/") || segments.some((segment) => segment === "" || segment === "." || segment === ".."))
    return "is no plain path of a file; write it from / on, without //, . and ..";
  if (SYSTEM_FOLDERS.test(path)) return "lies in a folder of the system; keep the secret in a file of its own";
  if (OWN_FILES.test(segments.at(-1) ?? ""))
    return "holds secrets of Frontdesk or of its database; keep the secret in a file of its own";
  return null;
}
