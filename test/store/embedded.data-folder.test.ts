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

it("refuses a data folder that is a file", async () => {
  const file = join(folder, "notes.txt");
  await writeFile(file, "hello");
  await expect(start(file)).rejects.toThrow(`The data folder ${file} is a file.`);
});

it.each(["/proc/data", "/nowhere/at/all/data"])(
  "refuses at once a data folder that can't be created in its parent (%s)",
  async (at) => {
    await expect(start(at)).rejects.toThrow(/can't be created in .* Create that folder, or choose another one\./);
  },
);
