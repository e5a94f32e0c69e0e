import type { WebClient } from "@slack/web-api";
import { toNormalForm } from "../../../../src/domain/normal-form.ts";
import type { Logger } from "../../../../src/lib/logger.ts";
import { call } from "../../outbound/errors.ts";

/** A person of the workspace: the facts that the desk needs. */
export interface Person {
  names: readonly string[];
  bot: boolean;
  deleted: boolean;
  /** Belongs to another workspace (Slack Connect). */
  external: boolean;
}

export interface Directory {
  /** Reads everyone from Slack. Throws SendError. */
  read(signal: AbortSignal): Promise<ReadonlyMap<string, Person>>;
  /**
   * Returns a check whether a name belongs to somebody of the workspace, by a list that may be ten minutes old. Without a
   * list every name counts as taken: a customer must not pass for a colleague because Slack did not answer.
   */
  takenNames(signal: AbortSignal): Promise<(name: string) => boolean>;
}

/** `users.list` takes 20 calls a minute (docs, tier 2), and names change rarely. */
const FRESH_MS = 10 * 60_000;
/** Slack asks for at most 200 a page (docs, "users.list"). */
const PAGE = 200;
/** Names that stand for Slack, or for us. */
const RESERVED = ["slackbot", "slack", "frontdesk", "bot"];

export function openDirectory(
  client: WebClient,
  { log, now = Date.now }: { log: Logger; now?: () => number },
): Directory {
  let known: { at: number; names: ReadonlySet<string> } | null = null;
  let warned = false;
  const read = async (signal: AbortSignal) => {
    const people = await listPeople(client, signal);
    const names = [...people.values()].flatMap((person) => person.names.map(comparable));
    known = { at: now(), names: new Set([...names, ...RESERVED]) };
    warned = false;
    return people;
  };
  return {
    read,
    async takenNames(signal) {
      if (known === null || now() - known.at > FRESH_MS) {
        await read(signal).catch((error: unknown) => {
          if (!warned) log.warn({ err: error }, "slack user list failed; every customer's name is marked");
          warned = true;
        });
      }
      const names = known?.names;
      return names === undefined ? () => true : (name) => names.has(comparable(name));
    },
  };
}

/** Reduces a name so that names which look alike are equal: no case, accents, width, spaces or punctuation. */
const comparable = (name: string): string =>
  toNormalForm(name, "NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** Lists everyone in the workspace, by id. Throws SendError. */
export async function listPeople(client: WebClient, signal: AbortSignal): Promise<Map<string, Person>> {
  const people = new Map<string, Person>();
  const { team_id: home } = await call(signal, () => client.auth.test());
  let cursor: string | undefined;
  do {
    const answer = await call(signal, () => client.users.list({ limit: PAGE, ...(cursor ? { cursor } : {}) }));
    for (const { id, name, real_name, profile, is_bot, deleted, team_id } of answer.members ?? []) {
      if (id === undefined) continue;
      const names = [name, real_name, profile?.real_name, profile?.display_name].filter(
        (one) => one !== undefined && one !== "",
      );
      people.set(id, {
        names: names as string[],
        // Slackbot is not flagged as a bot.
        bot: is_bot === true || id === "USLACKBOT",
        deleted: deleted === true,
        external: team_id !== undefined && team_id !== home,
      });
    }
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor !== undefined && cursor !== "");
  return people;
}
