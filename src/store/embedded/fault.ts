/** A problem of the embedded database, worded for the admin, with a fix. */
export class EmbeddedFault extends Error {
  override readonly name = "EmbeddedFault";
}

interface FaultContext {
  /** The data folder. */
  folder: string;
  /** The user that PostgreSQL ran as. */
  user: string;
}

type Explanation = (found: RegExpMatchArray, about: FaultContext) => string;

/** Messages of PostgreSQL and Node (always in English: LC_ALL=C), with their explanations. */
const explanations: readonly [RegExp, Explanation][] = [
  [
    /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/,
    (_, { folder }) => `The disk that holds ${folder} is full. Free some space and start again.`,
  ],
  [
    /Read-only file system|EROFS/,
    (_, { folder }) => `${folder} is on a read-only file system. Put the data folder on a writable disk.`,
  ],
  [
    /initialized by PostgreSQL version ([\d.]+),.*this version ([\d.]+)/,
    ([, theirs, ours], { folder }) =>
      `${folder} was created by PostgreSQL ${theirs}, and the embedded server is ${ours}. ` +
      `Dump it with pg_dumpall of version ${theirs}, move the folder away, start again and load the dump; ` +
      "or set DATABASE_URL to a server of that version.",
  ],
  [
    /has invalid permissions|has group or world access/,
    (_, { folder }) => `Other users can read ${folder}, which PostgreSQL refuses. Run: chmod 700 ${folder}`,
  ],
  [
    /has wrong ownership|Permission denied|EACCES|Operation not permitted|EPERM/,
    (_, { folder, user }) =>
      `${user} may not use ${folder}. Make it the owner (chown -R) and let it enter the folders above ` +
      "(chmod o+x), or choose another data folder.",
  ],
  [
    /error while loading shared libraries|Library not loaded/,
    () =>
      "The embedded PostgreSQL lacks its libraries: its install script did not run. " +
      'Run "npm rebuild --foreground-scripts", or set DATABASE_URL to a PostgreSQL server.',
  ],
  [
    /ENOENT/,
    () =>
      "The embedded PostgreSQL does not run on this system (it needs glibc, so not Alpine). " +
      "Set DATABASE_URL to a PostgreSQL server.",
  ],
];

/** Explains PostgreSQL's output, or Node's error, as a fault with the problem and a fix. */
export function toEmbeddedFault(output: string, about: FaultContext): EmbeddedFault {
  for (const [pattern, explanation] of explanations) {
    const found = output.match(pattern);
    if (found) return new EmbeddedFault(`${explanation(found, about)}\nIts output: ${output.trim()}`);
  }
  return new EmbeddedFault(`The embedded PostgreSQL in ${about.folder} did not start. Its output: ${output.trim()}`);
}
