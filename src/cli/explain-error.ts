/** Errors that only bugs throw; their stack is printed, for the bug report. */
const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Fixes by code: Node's socket and file errors, and SQLSTATE. */
const FIXES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; start that server, or correct its address",
  ENOTFOUND: "the host does not exist; correct the address",
  ETIMEDOUT: "no answer; check the network and the firewall",
  EADDRNOTAVAIL: "this machine has no such address; correct HOST",
  EACCES: "permission denied; grant it to this user, or choose another port, folder or file",
  ENOSPC: "the disk is full; free some space",
  EROFS: "the file system is read-only; choose another folder",
  "28P01": "the password was refused; correct it in DATABASE_URL",
  "42P01": "the database has no tables yet, or those of an older version; run frontdesk migrate",
  "42703": "the database has the tables of another version; run frontdesk migrate, or that version",
  "3D000": "the database does not exist; create it, or correct DATABASE_URL",
};

/** Formats an error for the terminal, with a fix where one is known; a bug keeps its stack. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (BUGS.some((bug) => error instanceof bug)) return error.stack ?? error.message;
  // Node tries IPv6 and IPv4 and wraps both failures in one error with an empty message.
  const message =
    error.message === "" && error instanceof AggregateError ? explainError(error.errors[0]) : error.message;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const fix = Object.hasOwn(FIXES, code) ? FIXES[code] : undefined;
  return fix === undefined || message.includes(fix) ? message : `${message} (${fix})`;
}
