import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";
import { startEmbedded } from "../../src/store/embedded.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frontdesk-data-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (dataDir: string) => startEmbedded({ dataDir, log: createLogger({ level: "silent" }) });

it("A data folder that is a file is named as one", async () => {
  const file = join(folder, "notes.txt");
  await writeFile(file, "hello");
  await expect(start(file)).rejects.toThrow(`${file} is a file, and the data folder has to be a folder.`);
});

it.each(["/proc/data", "/nowhere/at/all/data"])(
  "A data folder that can't be made in its parent (%s) is refused at once",
  async (at) => {
    await expect(start(at)).rejects.toThrow(/can't hold the data folder .* Create it, or name another\./);
  },
);
