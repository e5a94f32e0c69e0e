/** Tells when a content folder changes. Says only that, never what: the reader reads the whole folder again. */
import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { CONTENT_FOLDERS, isContentName } from "./folders.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** Our own: editors save in several steps (write beside, rename over), and git changes many files at once. */
const QUIET_MS = 150;
/** Our own: a folder that was not there, or was replaced, is looked for again this often. */
const LOOK_AGAIN_MS = 1_000;

export interface ContentWatcher extends AsyncDisposable {
  /** Resolves when watching has begun: what changes after this is told. */
  readonly ready: Promise<void>;
}

export interface WatchOptions {
  onChange: () => Promise<void> | void;
  onFault: (error: unknown) => void;
}

/**
 * Watches folders, not files: an editor that saves by renaming puts a new file in the old one's place, and a watch on
 * the old one would hear nothing more. Calls `onChange` once per burst, never while an earlier call is still running;
 * what it throws goes to `onFault`, and watching goes on.
 */
export function watchContent(home: string, { onChange, onFault }: WatchOptions): ContentWatcher {
  const watchers = new Map<string, { watcher: FSWatcher; inode: bigint }>();
  let quiet: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  const changed = (): void => {
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
  const look = async (tell: boolean): Promise<void> => {
    for (const folder of [home, ...CONTENT_FOLDERS.map((name) => join(home, name))]) {
      const inode = await inodeOf(folder);
      const known = watchers.get(folder)?.inode ?? null;
      if (inode === known || closed) continue;
      drop(folder);
      if (inode !== null) open(folder, inode);
      if (tell) changed();
    }
  };
  const open = (folder: string, inode: bigint): void => {
    const watcher = watch(folder, (_, name) => {
      if (name === null || isContent(folder === home, basename(name))) changed();
    });
    // A folder that is removed ends its watch; the next look finds out.
    watcher.on("error", () => drop(folder));
    watchers.set(folder, { watcher, inode });
  };

  const ready = look(false);
  let looking = ready;
  const again = setInterval(() => {
    looking = looking.then(() => look(true));
  }, LOOK_AGAIN_MS);
  return {
    ready,
    async [Symbol.asyncDispose]() {
      closed = true;
      clearInterval(again);
      if (quiet !== null) clearTimeout(quiet);
      await looking;
      for (const folder of watchers.keys()) drop(folder);
      await running;
    },
  };
}

function isContent(atHome: boolean, name: string): boolean {
  if (atHome) return name === SETTINGS_FILE || CONTENT_FOLDERS.some((folder) => folder === name);
  return isContentName(name);
}

async function inodeOf(folder: string): Promise<bigint | null> {
  return stat(folder, { bigint: true }).then(
    ({ ino }) => ino,
    () => null,
  );
}
