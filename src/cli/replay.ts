import { createCatalogThen } from "../compose/catalog-then.ts";
import { compileOptions, loadAdapters } from "../compose/channels.ts";
import { compileContent } from "../content/compile.ts";
import { createReleases } from "../content/releases.ts";
import { createLogger } from "../lib/logger.ts";
import { readJournal } from "../store/journal-rows.ts";
import { type Replay, type ReplayedEvent, replay } from "../turn/replay.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { withDatabase } from "./open-database.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

const CONVERSATION = /^[1-9]\d{0,15}$/;

/** `frontdesk replay`: prints a conversation's journal, and whether today's code decides the same. */
export async function replayCommand(args: Arguments, world: World): Promise<Exit> {
  const [which, ...rest] = args.positionals;
  if (which === undefined || rest.length > 0 || !CONVERSATION.test(which))
    throw new UsageError("replay takes the number of one conversation.");
  const { config } = configurationOf(args, world);
  const adapters = await loadAdapters(world.adapters);
  const log = createLogger({ level: "silent" });
  const replayed = await withDatabase(config, async (db) => {
    const journal = await readJournal(db, Number(which));
    if (journal === null) return null;
    const releases = createReleases({
      db,
      log,
      compile: (files, { stored } = { stored: false }) =>
        compileContent(files, { ...compileOptions(adapters), stored }),
    });
    return replay(journal, createCatalogThen({ releases, adapters, config }));
  });
  if (replayed === null) {
    world.err.write(`frontdesk: there is no conversation ${which}.\n`);
    return EXIT.failed;
  }
  world.out.write(args.has("json") ? `${JSON.stringify(replayed)}\n` : text(replayed));
  return replayed.same === true ? EXIT.ok : EXIT.failed;
}

function text({ events, waiting, from, state, same }: Replay): string {
  const cut = from > 1 ? [`Retention removed ${from === 2 ? "the first event" : `the first ${from - 1} events`}.`] : [];
  const left = waiting > 0 ? [`${waiting} events wait to be handled.`] : [];
  const lines = [...cut, ...events.map(eventText), ...left, verdict(same), ...state.map((one) => `  ${one}`)];
  return `${lines.join("\n")}\n`;
}

function verdict(same: boolean | null): string {
  if (same === null) return "Without all events it can't be compared with what today's code decides.";
  return same ? "Today's code decides the same." : "Today's code decides differently:";
}

function eventText({ seq, turn, kind, at, lines, quarantined, differences }: ReplayedEvent): string {
  const decided = lines.map(({ message }) => `    ${message}`);
  const aside = quarantined === null ? [] : [`    Quarantined: ${quarantined.split("\n", 1)[0]}`];
  const other = differences.map((one) => `  ≠ ${one}`);
  return [`${seq}. ${kind} at ${at} (turn ${turn})`, ...decided, ...aside, ...other].join("\n");
}
