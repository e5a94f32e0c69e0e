import { eventWords } from "../admin/journal-words.ts";
import { type JournalRow, readJournal, type StoredJournal } from "../store/journal-rows.ts";
import { readEvent } from "../turn/journal.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { withDatabase } from "./open-database.ts";
import { EXIT, type Exit, type World } from "./world.ts";

/**
 * `frontdesk explain` with a conversation's number: prints what happened in it and why, as the playground's last column
 * shows it: steps, decisions with their evidence, fields with their quotes, refused commands, calls and what models cost.
 */
export async function explainConversation(
  conversation: number,
  { args, world }: { args: Arguments; world: World },
): Promise<Exit> {
  const { config } = configurationOf(args, world);
  const journal = await withDatabase(config, (db) => readJournal(db, conversation));
  if (journal === null) {
    world.err.write(`frontdesk: there is no conversation ${conversation}.\n`);
    return EXIT.failed;
  }
  const told = toldOf(journal);
  world.out.write(args.has("json") ? `${JSON.stringify(told)}\n` : `${told.map(text).join("\n")}\n`);
  return EXIT.ok;
}

interface Told {
  at: string;
  /** null: it waits to be handled. */
  seq: number | null;
  message: string;
  lines: readonly { code: string; message: string }[];
}

const toldOf = ({ events }: StoredJournal): Told[] =>
  events.map((row) => ({ at: row.at, seq: row.seq, message: messageOf(row), lines: linesOf(row) }));

/** Describes an event; one of another version that is unreadable is still listed. */
function messageOf({ id, kind, payload, at }: JournalRow): string {
  try {
    return eventWords(readEvent({ id, kind, payload, at }));
  } catch {
    return `An event that this version can't describe (${kind})`;
  }
}

function linesOf({ lines, quarantined }: JournalRow): Told["lines"] {
  if (quarantined === null) return lines;
  const message = `Quarantined; a person takes over: ${quarantined.split("\n", 1)[0] ?? ""}`;
  return [...lines, { code: "quarantined", message }];
}

function text({ at, seq, message, lines }: Told): string {
  const decided = lines.filter((line) => line.message !== message).map((line) => `    ${line.message}`);
  const waits = seq === null ? ["    waiting to be handled"] : [];
  return [`${at}  ${message}`, ...waits, ...decided].join("\n");
}
