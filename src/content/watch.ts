/** Watches a content folder. A change has no details: the reader reads the whole folder again. */
import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { CONTENT_FOLDERS, isContentName } from "./folders.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** Our choice: editors save in several steps (write beside, rename over), and git changes many files at once. */
const QUIET_MS = 150;
/** Our choice: interval at which missing and replaced folders are looked for. */
const RESCAN_MS = 1_000;

export interface ContentWatcher extends AsyncDisposable {
  /** Resolves when watching has begun: later changes are reported. */
  readonly ready: Promise<void>;
}

export interface WatchOptions {
  onChange: () => Promise<void> | void;
  onFault: (error: unknown) => void;
}

/**
 * Watches folders, not files: an editor that saves by renaming replaces the file, and a watch on the old one would end.
 * Calls `onChange` once per burst, never while an earlier call is still running; its errors go to `onFault`, and watching
 * continues.
 */
export function watchContent(home: string, { onChange, onFault }: WatchOptions): ContentWatcher {
  const watchers = new Map<string, { watcher: FSWatcher; inode: bigint }>();
  let quiet: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  const scheduleChange = (): void => {
    if (closed) return;
    if (quiet !== null) clearTimeout(quiet);
    quiet = setTimeout(() => {
      quiet = null;
      running = running.then(() => (closed ? undefined : onChange())).catch(onFault);
    }, QUIET_MS);
  };
  const drop = (folder: string): void => {
    watchers.get(folder)?.watcher.close();
    watchers.delete(folder);
  };
  const scan = async (notify: boolean): Promise<void> => {
    for (const folder of [home, ...CONTENT_FOLDERS.map((name) => join(home, name))]) {
      const inode = await inodeOf(folder);
      const known = watchers.get(folder)?.inode ?? null;
      if (inode === known || closed) continue;
      drop(folder);
      if (inode !== null) open(folder, inode);
      if (notify) scheduleChange();
    }
  };
  const open = (folder: string, inode: bigint): void => {
    const watcher = watch(folder, (_, name) => {
      if (name === null || isContent(folder === home ? null : basename(folder), basename(name))) scheduleChange();
    });
    // Removing a folder ends its watch; the next scan notices.
    watcher.on("error", () => drop(folder));
    watchers.set(folder, { watcher, inode });
  };

  const ready = scan(false);
  let scanning = ready;
  const rescan = setInterval(() => {
    scanning = scanning.then(() => scan(true));
  }, RESCAN_MS);
  return {
    ready,
    async [Symbol.asyncDispose]() {
      closed = true;
      clearInterval(rescan);
      if (quiet !== null) clearTimeout(quiet);
      await scanning;
      for (const folder of watchers.keys()) drop(folder);
      await running;
    },
  };
}

/** Tells whether a change may be of content. `folder` is one of the content folders, or null for the home itself. */
function isContent(folder: string | null, name: string): boolean {
  if (folder !== null) return isContentName(folder, name);
  return name === SETTINGS_FILE || CONTENT_FOLDERS.some((one) => one === name);
}

async function inodeOf(folder: string): Promise<bigint | null> {
  return stat(folder, { bigint: true }).then(
    ({ ino }) => ino,
    () => null,
  );
}
