import type { StoredFile } from "../../src/domain/message.ts";
import type { Db } from "../../src/store/db.ts";
import { type NewFile, storeFile } from "../../src/store/files.ts";

/** Keeps a file for which there is room. */
export async function keptFile(db: Db, file: NewFile): Promise<StoredFile> {
  const stored = await storeFile(db, file);
  if (!stored.ok) throw new Error(`The quota ${stored.quota} is used up`);
  return stored.file;
}
