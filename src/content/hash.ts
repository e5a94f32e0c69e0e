import { createHash } from "node:crypto";

/** Hash that identifies the files: SHA-256 over paths and texts in path order, 64 hex digits. */
export function contentHash(files: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(files).toSorted()) {
    // Lengths are included, so that no two folders yield the same bytes.
    const text = files[path] ?? "";
    hash.update(`${Buffer.byteLength(path)}:${path}${Buffer.byteLength(text)}:`).update(text);
  }
  return hash.digest("hex");
}
