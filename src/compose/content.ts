/** The content folder at start and while it is edited: in development saving is releasing. */
import type { Config } from "../config.ts";
import { formatDiagnostic } from "../content/print.ts";
import { type ReadFolder, readContent } from "../content/read.ts";
import { type CompileFiles, createReleases, type ReleasedContent, type Releases } from "../content/releases.ts";
import { watchContent } from "../content/watch.ts";
import type { Diagnostic } from "../language/diagnostic.ts";
import type { Logger } from "../lib/logger.ts";
import type { Db } from "../store/db.ts";

interface ContentOptions {
  db: Db;
  log: Logger;
  compile: CompileFiles;
  config: Pick<Config, "home" | "production">;
  closers: (() => Promise<void>)[];
}

/** How often a process looks whether another one released something. */
const LOOK_EVERY_MS = 1_000;

/** Content that can't go live and nothing older to run on. */
class ContentFault extends Error {
  override readonly name = "ContentFault";
}

/** Releases the folder's content; where it has faults, what was live before stays. Throws ContentFault where nothing was. */
export async function openContent(o: ContentOptions): Promise<Releases & { first: ReleasedContent }> {
  const releases = createReleases(o);
  await releases.refresh();
  const faults = await release(releases, o);
  const first = releases.live();
  if (first === null) throw new ContentFault(`The content in ${o.config.home} can't go live:\n${faults}`);
  const looking = setInterval(() => {
    releases.refresh().catch((error: unknown) => o.log.debug({ err: error }, "live release was not read"));
  }, LOOK_EVERY_MS).unref();
  o.closers.push(async () => clearInterval(looking));
  if (!o.config.production) {
    const watcher = watchContent(o.config.home, {
      onChange: async () => {
        await release(releases, o);
        remindOfRestart(first, releases.live(), o);
      },
      onFault: (error) => o.log.error({ err: error }, "content folder could not be watched"),
    });
    await watcher.ready;
    o.closers.push(async () => watcher[Symbol.asyncDispose]());
  }
  return { ...releases, first };
}

/** Workflows, connectors and queues change while it runs; channels and the desk are opened once, at the start. */
function remindOfRestart(first: ReleasedContent, live: ReleasedContent | null, { log }: ContentOptions): void {
  if (live === null || restartKey(first) === restartKey(live)) return;
  log.warn({ release: live.id }, "channels or desk were changed in frontdesk.yaml: restart to use them");
}

const restartKey = ({ settings: { channels, desk } }: ReleasedContent): string => {
  const entries = Object.values(channels).map(({ name, adapter, entry }) => [name, adapter, entry]);
  return JSON.stringify([entries, desk]);
};

/** Answers with the faults in words; "" where there were none that matter. */
async function release(releases: Releases, { config, log }: ContentOptions): Promise<string> {
  const folder: ReadFolder = await readContent(config.home);
  const unread = folder.diagnostics;
  if (unread.length > 0) return report(unread, { log });
  try {
    const { diagnostics } = await releases.publish(folder.files, "content folder");
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    return errors.length === 0 ? "" : report(errors, { log });
  } catch (error) {
    log.error({ err: error }, "content could not be released");
    return error instanceof Error ? error.message : String(error);
  }
}

function report(faults: readonly Diagnostic[], { log }: { log: Logger }): string {
  for (const { file, line, column, code, message } of faults) {
    log.error({ at: `${file}:${line}:${column}`, code, fault: message }, "content was not released");
  }
  return faults.map(formatDiagnostic).join("\n");
}
