/** Why the built-in database cannot run here, in words for the person who has to mend it. */
export class EmbeddedFault extends Error {
  override readonly name = "EmbeddedFault";
}

interface Circumstances {
  /** The folder PostgreSQL was working on. */
  folder: string;
  /** The user it ran as. */
  user: string;
}

type Explanation = (found: RegExpMatchArray, about: Circumstances) => string;

/** Words that PostgreSQL and Node say (always in English: LC_ALL=C), and what that means for whoever reads it. */
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
      `${folder} was made by PostgreSQL ${theirs}, and the built-in server is ${ours}. ` +
      `Dump it with pg_dumpall of version ${theirs}, move the folder away, start again and load the dump; ` +
      "or set DATABASE_URL to a server of that version.",
  ],
  [
    /has invalid permissions|has group or world access/,
    (_, { folder }) => `Others can read ${folder}, which PostgreSQL refuses. Run: chmod 700 ${folder}`,
  ],
  [
    /has wrong ownership|Permission denied|EACCES|Operation not permitted|EPERM/,
    (_, { folder, user }) =>
      `${user} may not use ${folder}. Give it that folder (chown -R) and let it pass through the folders above ` +
      "(chmod o+x), or choose another data folder.",
  ],
  [
    /error while loading shared libraries|Library not loaded/,
    () =>
      "The built-in PostgreSQL lacks its libraries: its install script did not run. " +
      'Run "npm rebuild --foreground-scripts", or set DATABASE_URL to a PostgreSQL server.',
  ],
  [
    /ENOENT/,
    () =>
      "The built-in PostgreSQL cannot be run on this system (it needs glibc, so not Alpine). " +
      "Set DATABASE_URL to a PostgreSQL server.",
  ],
];

/** Turns what PostgreSQL printed, or what Node threw, into a fault that says what is wrong, where, and what to do. */
export function toEmbeddedFault(said: string, about: Circumstances): EmbeddedFault {
  for (const [pattern, explanation] of explanations) {
    const found = said.match(pattern);
    if (found) return new EmbeddedFault(`${explanation(found, about)}\nIt said: ${said.trim()}`);
  }
  return new EmbeddedFault(`The built-in PostgreSQL in ${about.folder} did not start. It said: ${said.trim()}`);
}
