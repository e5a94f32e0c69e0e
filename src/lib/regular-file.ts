/** Reads regular files only: pipes and devices may never end. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** A path that can't be read. The message stands alone or after the path. */
class RegularFileFault extends Error {
  override readonly name = "RegularFileFault";
}

/** Reads a regular file of at most `maxBytes`. Throws RegularFileFault or a system error. */
export async function readRegularFile(path: string, { maxBytes }: { maxBytes: number }): Promise<Uint8Array> {
  // Non-blocking, because opening a pipe without a writer would wait.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new RegularFileFault("this is not a file");
    if (found.size > maxBytes) {
      throw new RegularFileFault(`the file has ${found.size} bytes; ${maxBytes} are read at most`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}
