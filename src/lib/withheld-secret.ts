/**
 * Variables and files that no channel and no connector may use as a secret: Frontdesk's own settings and those of the
 * system. Pure; a reference is a text, "env:NAME" or "file:/path".
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
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
] as const;

/** Variables of PostgreSQL, Redis, Node, npm, loaders, clouds and shells, which may include logins. */
const PROGRAMS =
  /^(?:FRONTDESK_|PG[A-Z]|POSTGRES_|REDIS_|NODE_|NPM_|LD_|DYLD_|AWS_|AZURE_CLIENT_|GOOGLE_APPLICATION_|KUBERNETES_|SSH_|SSL_|OPENSSL_)|_PROXY$/i;
const SHELL: ReadonlySet<string> = new Set(["PATH", "HOME", "USER", "SHELL", "PWD", "TMPDIR"]);

/** Folders with data about the system and its processes. */
const SYSTEM_FOLDERS = /^\/(?:proc|dev|sys)(?:\/|$)/;
/** Our own settings with all their secrets, and the password of the embedded database (data/pg/frontdesk.json). */
const OWN_FILES = /^(?:\.env(?:\..*)?|frontdesk\.json|\.pgpass)$/;

/** Returns the reason why a reference is withheld, worded to follow it; null when it is allowed. */
export function withholdReason(ref: string): string | null {
  const name = /^env:(.*)$/s.exec(ref)?.[1];
  const path = /^file:(.*)$/s.exec(ref)?.[1];
  if (name !== undefined) return withholdVariableReason(name);
  return path === undefined ? null : withholdPathReason(path);
}

/** True for the variables that models may use although channels and connectors may not. */
export const isOwnModelVariable = (ref: string): boolean => /^env:OPENAI_(?:API_KEY|BASE_URL)$/.test(ref);

function withholdVariableReason(name: string): string | null {
  const own = OWN_VARIABLES.some((variable) => variable === name.toUpperCase());
  if (!own && !PROGRAMS.test(name) && !SHELL.has(name.toUpperCase())) return null;
  return "is a variable of Frontdesk or of the system, which no channel or connector may use; keep the secret in a variable of its own";
}

/** The same for a file path, which has to be absolute and normalised, so that equal files have equal paths. */
export function withholdPathReason(path: string): string | null {
  const segments = path.split("/").slice(1);
  if (!path.startsWith("/") || segments.some((segment) => segment === "" || segment === "." || segment === ".."))
    return "is not a plain path; write an absolute path without //, . and ..";
  if (SYSTEM_FOLDERS.test(path)) return "lies in a folder of the system; keep the secret in a file of its own";
  if (OWN_FILES.test(segments.at(-1) ?? ""))
    return "holds secrets of Frontdesk or of its database; keep the secret in a file of its own";
  return null;
}
