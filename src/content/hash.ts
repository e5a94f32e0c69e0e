import { createHash } from "node:crypto";

/** A name for exactly these files: SHA-256 over paths and texts, in the order of the paths, 64 hex digits. */
export function contentHash(files: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(files).toSorted()) {
    // With their lengths, so that no two folders run together into the same bytes.
    const text = files[path] ?? "";
    hash.update(`${Buffer.byteLength(path)}:${path}${Buffer.byteLength(text)}:`).update(text);
  }
  return hash.digest("hex");
}
