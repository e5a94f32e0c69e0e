/** Errors that only a fault in the program throws: whoever reports it needs to see where. */
const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Of node's socket and file errors and of SQLSTATE, those that a person can do something about. */
const MENDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; start that server, or correct its address",
  ENOTFOUND: "there is no host of that name; correct the address",
  ETIMEDOUT: "no answer came; look at the network and the firewall between",
  EADDRNOTAVAIL: "this machine has no such address; correct HOST",
  EACCES: "this user may not; give it the right, or choose another port, folder or file",
  ENOSPC: "the disk is full; free some space",
  EROFS: "the file system is read-only; choose another folder",
  "28P01": "the password was refused; correct it in DATABASE_URL",
  "3D000": "there is no such database; make it, or correct DATABASE_URL",
};

/** A failure in words for the person at the terminal; what is a bug keeps its stack. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (BUGS.some((bug) => error instanceof bug)) return error.stack ?? error.message;
  // Node tries IPv6 and IPv4 and puts both failures into one error without words of its own.
  const message =
    error.message === "" && error instanceof AggregateError ? explainError(error.errors[0]) : error.message;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const fix = Object.hasOwn(MENDS, code) ? MENDS[code] : undefined;
  return fix === undefined || message.includes(fix) ? message : `${message} (${fix})`;
}
