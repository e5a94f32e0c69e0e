/**
 * Loads the modules of connectors of `kind: module`: code that the admin wrote and that is trusted like Frontdesk's own.
 *
 * 1. Only files right in the folder `connectors` of the home folder are loaded, links included.
 * 2. A module is loaded once, at its first call. A process keeps what it loaded: a changed file is reported once, and used
 *    after a restart.
 */
import { realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAbort } from "../lib/before-abort.ts";
import { fail, ok, type Result } from "../lib/result.ts";

/** What a module exports, by name. */
export type ModuleExports = Readonly<Record<string, unknown>>;

export interface Modules {
  /** Loads a module by its path in the home folder; a fault is one sentence. Never throws. */
  load(path: string): Promise<Result<ModuleExports, string>>;
}

export interface ModulesOptions {
  home: string;
  /** Called when the file of a loaded module has changed. */
  onChanged?: (path: string) => void;
  /** Called with the error of a module that could not be loaded; it may contain anything. */
  onFault?: (error: unknown) => void;
}

interface Loaded {
  exports: Promise<Result<ModuleExports, string>>;
  changedMs: number;
}

/** Our choice: a module that takes longer waits for something that does not come. */
const LOAD_WITHIN_MS = 10_000;

export function createModules({ home, onChanged, onFault }: ModulesOptions): Modules {
  const loaded = new Map<string, Loaded>();

  const importFile = async (path: string, file: string): Promise<Result<ModuleExports, string>> => {
    try {
      const loading = import(pathToFileURL(file).href) as Promise<ModuleExports>;
      const exports = await beforeAbort(loading, AbortSignal.timeout(LOAD_WITHIN_MS));
      return exports === null ? fail(`The module ${path} was not loaded within ${LOAD_WITHIN_MS} ms.`) : ok(exports);
    } catch (error) {
      onFault?.(error);
      const name = error instanceof Error ? error.name : "an error";
      return fail(`The module ${path} could not be loaded (${name}); the log has the reason.`);
    }
  };

  return {
    async load(path) {
      const file = await fileOf(home, path);
      if (!file.ok) return file;
      const { real, changedMs } = file.value;
      const known = loaded.get(real);
      if (known === undefined) {
        const exports = importFile(path, real);
        loaded.set(real, { exports, changedMs });
        return exports;
      }
      if (known.changedMs !== changedMs) {
        loaded.set(real, { ...known, changedMs });
        onChanged?.(path);
      }
      return known.exports;
    },
  };
}

/** The file of a module, links followed; it has to lie right in the folder of connectors. */
async function fileOf(home: string, path: string): Promise<Result<{ real: string; changedMs: number }, string>> {
  try {
    const [folder, real] = await Promise.all([realpath(join(home, "connectors")), realpath(join(home, path))]);
    if (dirname(real) !== folder)
      return fail(`The module ${path} lies outside the folder connectors; put the file itself there.`);
    const { mtimeMs } = await stat(real);
    return ok({ real, changedMs: mtimeMs });
  } catch {
    return fail(`There is no module ${path} in the home folder, or it can't be read.`);
  }
}
