import { ANSWERER_KINDS, type NextAnswerer } from "../domain/waiting.ts";
import { COUNTED_MAX, countWaiting, listWaiting, type WaitingConversation } from "../store/waiting.ts";
import type { Arguments } from "./arguments.ts";
import { configurationOf } from "./configuration.ts";
import { withDatabase } from "./open-database.ts";
import { EXIT, type Exit, UsageError, type World } from "./world.ts";

const DEFAULT_LIMIT = 50;

/** `frontdesk waiting`: lists the open conversations, oldest first, with who answers next and since when. */
export async function waitingCommand(args: Arguments, world: World): Promise<Exit> {
  if (args.positionals.length > 0) throw new UsageError(`Unexpected argument ${args.positionals[0]}.`);
  const limit = readLimit(args.flag("limit"));
  const { config } = configurationOf(args, world);
  const found = await withDatabase(config, async (db) => ({
    conversations: await listWaiting(db, { limit }),
    counts: await countWaiting(db),
  }));
  if (args.has("json")) {
    world.out.write(`${JSON.stringify(found, null, 2)}\n`);
    return EXIT.ok;
  }
  const counts = ANSWERER_KINDS.map((kind) => `${kind} ${found.counts[kind]}`).join(", ");
  world.out.write(found.conversations.map(formatLine).join(""));
  world.out.write(`Waiting for: ${counts} (of the ${COUNTED_MAX} oldest open conversations).\n`);
  return EXIT.ok;
}

function readLimit(given: string | undefined): number {
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > COUNTED_MAX) throw new UsageError(`--limit is a number from 1 to ${COUNTED_MAX}.`);
  return limit;
}

function formatLine({ conversation, channel, contact, next }: WaitingConversation): string {
  const since = new Date(next.since).toISOString().slice(0, 16).replace("T", " ");
  return `#${conversation}  ${since} UTC  ${channel}  ${contact === "" ? "(no name)" : contact}  ${describe(next)}\n`;
}

function describe(next: NextAnswerer): string {
  switch (next.kind) {
    case "people":
      return `people: ${next.queue}${next.holder === null ? ", not claimed" : `, ${next.holder}`}`;
    case "bot":
      return `bot: ${next.by}`;
    case "platform":
      return `platform: ${next.channel}`;
    case "customer":
      return next.prompt ? "customer: a question is open" : "customer";
    case "nobody":
      return "nobody";
  }
}
