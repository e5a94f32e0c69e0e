import { createHash } from "node:crypto";

/** SHA-256 of a text (as UTF-8) or of bytes, as 64 lower-case hexadecimal digits. */
export const sha256 = (of: string | Uint8Array): string => createHash("sha256").update(of).digest("hex");
