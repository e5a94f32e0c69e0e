import type { StoredFile } from "../../src/domain/message.ts";
import type { Db } from "../../src/store/db.ts";
import { type NewFile, storeFile } from "../../src/store/files.ts";

/** Stores a file that fits the quota. */
export async function storeTestFile(db: Db, file: NewFile): Promise<StoredFile> {
  const stored = await storeFile(db, file);
  if (!stored.ok) throw new Error(`The quota ${stored.quota} is used up`);
  return stored.file;
}
