/** Reads files that somebody names, and nothing that is no file: a pipe has no end, and a device may have none either. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** A path that is not read; the message is to be read after its name. */
class RegularFileFault extends Error {
  override readonly name = "RegularFileFault";
}

/** The bytes of a regular file of at most `maxBytes`. Throws RegularFileFault, and what the system says. */
export async function readRegularFile(path: string, { maxBytes }: { maxBytes: number }): Promise<Uint8Array> {
  // Without waiting: opening a pipe that nobody writes to would.
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
