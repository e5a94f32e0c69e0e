import { desc, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { content, contentLive, release } from "./schema-content.ts";

export interface StoredRelease {
  id: number;
  hash: string;
  /** File texts by path in the content folder. */
  files: Record<string, string>;
}

export interface NewRelease {
  hash: string;
  files: Readonly<Record<string, { hash: string; text: string }>>;
  author: string;
  note?: string;
}

/** Stores a release and makes it live, in one transaction; identical content is one release. Returns its id. */
export async function publishRelease(db: Db, { hash, files, author, note = "" }: NewRelease): Promise<number> {
  return db.tables.transaction(async (tx) => {
    const texts = Object.values(files).map((file) => ({ hash: file.hash, text: file.text }));
    if (texts.length > 0) await tx.insert(content).values(texts).onConflictDoNothing();
    const paths = Object.fromEntries(Object.entries(files).map(([path, file]) => [path, file.hash]));
    const [row] = await tx
      .insert(release)
      .values({ hash, files: paths, author, note })
      .onConflictDoUpdate({ target: release.hash, set: { hash } })
      .returning({ id: release.id });
    if (row === undefined) throw new Error("Postgres answered an upsert without its row");
    await tx
      .insert(contentLive)
      .values({ release: row.id })
      .onConflictDoUpdate({ target: contentLive.only, set: { release: row.id, since: sql`now()` } });
    return row.id;
  });
}

/** Returns the id of the live release; null before the first one. */
export async function liveRelease(db: Db): Promise<number | null> {
  const [row] = await db.tables.select({ id: contentLive.release }).from(contentLive).orderBy(desc(contentLive.since));
  return row?.id ?? null;
}

/** Loads a release with its texts; null when the id is unknown. */
export async function loadRelease(db: Db, id: number): Promise<StoredRelease | null> {
  const [row] = await db.tables.select().from(release).where(eq(release.id, id));
  if (row === undefined) return null;
  const rows = await db.tables
    .select()
    .from(content)
    .where(inArray(content.hash, Object.values(row.files)));
  const texts = new Map(rows.map(({ hash, text }) => [hash, text]));
  const files = Object.fromEntries(Object.entries(row.files).map(([path, hash]) => [path, texts.get(hash) ?? ""]));
  return { id: row.id, hash: row.hash, files };
}
