/**
 * Releases of content: the live one for new runs, older ones for runs pinned to them (T7). The database stores which one
 * is live, and every process refreshes from it, so that processes agree within a second.
 */

import type { Diagnostic } from "../language/diagnostic.ts";
import { sha256 } from "../lib/digest.ts";
import type { Logger } from "../lib/logger.ts";
import type { Db } from "../store/db.ts";
import { liveRelease, loadRelease, publishRelease } from "../store/releases.ts";
import { type Compiled, type CompiledContent } from "./compile.ts";

export interface ReleasedContent extends CompiledContent {
  id: number;
}

export interface Releases {
  /** The live release; null before the first one. */
  live(): ReleasedContent | null;
  /** Loads a release by id; null when it was never stored or no longer compiles. */
  get(id: number): Promise<ReleasedContent | null>;
  /** Checks the files and makes them live. With errors nothing changes and the diagnostics are returned. */
  publish(
    files: Readonly<Record<string, string>>,
    author: string,
  ): Promise<{ changed: boolean; diagnostics: readonly Diagnostic[] }>;
  /** Switches to the release that is live in the database. */
  refresh(): Promise<void>;
}

/** Compiles files; `stored`: those of a stored release, see CompileContentOptions. */
export type CompileFiles = (files: Readonly<Record<string, string>>, o?: { stored: boolean }) => Compiled;

interface ReleasesOptions {
  db: Db;
  log: Logger;
  compile: CompileFiles;
}

/** Compiled releases kept in memory; others are compiled again when needed. */
const KEPT_RELEASES = 50;

export function createReleases({ db, log, compile }: ReleasesOptions): Releases {
  const compiled = new Map<number, Promise<ReleasedContent | null>>();
  let live: ReleasedContent | null = null;

  const keep = (id: number, content: Promise<ReleasedContent | null>): void => {
    compiled.delete(id);
    compiled.set(id, content);
    const oldest = compiled.keys().next().value;
    if (compiled.size > KEPT_RELEASES && oldest !== undefined) compiled.delete(oldest);
  };

  const read = async (id: number): Promise<ReleasedContent | null> => {
    const stored = await loadRelease(db, id);
    const { content = null, diagnostics = [] } = stored === null ? {} : compile(stored.files, { stored: true });
    if (content !== null) return { ...content, id };
    log.error({ release: id, faults: diagnostics.length }, "release could not be compiled");
    return null;
  };

  const get = (id: number): Promise<ReleasedContent | null> => {
    const known = compiled.get(id) ?? read(id);
    keep(id, known);
    // A failed read is not cached.
    known.catch(() => compiled.delete(id));
    return known;
  };

  return {
    live: () => live,
    get,
    async publish(files, author) {
      const { content, diagnostics } = compile(files);
      if (content === null) return { changed: false, diagnostics };
      if (content.hash === live?.hash) return { changed: false, diagnostics };
      const id = await publishRelease(db, { hash: content.hash, files: withHashes(files), author });
      live = { ...content, id };
      keep(id, Promise.resolve(live));
      const count = { workflows: content.workflows.length, procedures: content.procedures.length };
      log.info({ release: id, ...count, author }, "release went live");
      return { changed: true, diagnostics };
    },
    async refresh() {
      const id = await liveRelease(db);
      if (id === null || id === live?.id) return;
      const content = await get(id);
      if (content === null) return;
      live = content;
      log.info({ release: id }, "release adopted");
    },
  };
}

function withHashes(files: Readonly<Record<string, string>>): Record<string, { hash: string; text: string }> {
  const entries = Object.entries(files).map(([path, text]) => [path, { hash: sha256(text), text }] as const);
  return Object.fromEntries(entries);
}
