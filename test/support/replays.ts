/** Replays every journal of a database: today's code comes to the state that was stored, bit by bit (V2). */
import { adapters } from "../../channels/index.ts";
import { createCatalogThen } from "../../src/compose/catalog-then.ts";
import { compileOptions, loadAdapters } from "../../src/compose/channels.ts";
import { compileContent } from "../../src/content/compile.ts";
import { createReleases } from "../../src/content/releases.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { connectionLost, type Db } from "../../src/store/db.ts";
import { readJournal } from "../../src/store/journal-rows.ts";
import { replay } from "../../src/turn/replay.ts";

/** Conversations of one database that are replayed at most, so that floods stay quick. */
const MOST = 50;

/** Throws with the first conversation that would go another way today. A database that is gone is passed by. */
export async function replayAll(db: Db, env: Readonly<Record<string, string>>): Promise<void> {
  try {
    await replayEach(db, env);
  } catch (error) {
    if (!connectionLost(error)) throw error;
  }
}

async function replayEach(db: Db, env: Readonly<Record<string, string>>): Promise<void> {
  const loaded = await loadAdapters(adapters);
  const releases = createReleases({
    db,
    log: createLogger({ level: "silent" }),
    compile: (files, { stored } = { stored: false }) => compileContent(files, { ...compileOptions(loaded), stored }),
  });
  const config = { publicUrl: env["PUBLIC_URL"] ?? null, playground: true };
  const catalogThen = createCatalogThen({ releases, adapters: loaded, config });
  const ids = await db.pool.query<{ id: number }>("select id from conversation where state is not null limit $1", [
    MOST,
  ]);
  for (const { id } of ids.rows) {
    const journal = await readJournal(db, id);
    if (journal === null) continue;
    const replayed = await replay(journal, catalogThen);
    if (replayed.same !== false) continue;
    const events = replayed.events.flatMap(({ seq, kind, differences }) =>
      differences.map((one) => `${seq} ${kind}: ${one}`),
    );
    throw new Error(`Conversation ${id} would go another way today:\n${[...events, ...replayed.state].join("\n")}`);
  }
}
