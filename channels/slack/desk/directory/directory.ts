import type { WebClient } from "@slack/web-api";
import { toNormalForm } from "../../../../src/domain/normal-form.ts";
import type { Logger } from "../../../../src/lib/logger.ts";
import { call } from "../../outbound/errors.ts";

/** Somebody in the workspace, as far as the desk needs to know. */
export interface Person {
  names: readonly string[];
  bot: boolean;
  deleted: boolean;
  /** Of another workspace (Slack Connect). */
  external: boolean;
}

export interface Directory {
  /** Everyone, freshly read. Throws SendError. */
  read(signal: AbortSignal): Promise<ReadonlyMap<string, Person>>;
  /**
   * Whether a name belongs to somebody of the workspace, by a list that may be ten minutes old. Where there is no list
   * every name does: a customer may not pass for a colleague because Slack did not answer.
   */
  taken(signal: AbortSignal): Promise<(name: string) => boolean>;
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
    const people = await everyone(client, signal);
    const names = [...people.values()].flatMap((person) => person.names.map(alike));
    known = { at: now(), names: new Set([...names, ...RESERVED]) };
    warned = false;
    return people;
  };
  return {
    read,
    async taken(signal) {
      if (known === null || now() - known.at > FRESH_MS) {
        await read(signal).catch((error: unknown) => {
          if (!warned)
            log.warn({ err: error }, "slack did not list the workspace's people; customers are all marked as such");
          warned = true;
        });
      }
      const names = known?.names;
      return names === undefined ? () => true : (name) => names.has(alike(name));
    },
  };
}

/** What two names have in common that people can't tell apart at a glance: case, accents, width, spaces, marks. */
const alike = (name: string): string =>
  toNormalForm(name, "NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** Everyone whom Slack lists, by id. Throws SendError. */
export async function everyone(client: WebClient, signal: AbortSignal): Promise<Map<string, Person>> {
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
        // Slack's own bot does not say that it is one.
        bot: is_bot === true || id === "USLACKBOT",
        deleted: deleted === true,
        external: team_id !== undefined && team_id !== home,
      });
    }
    cursor = answer.response_metadata?.next_cursor;
  } while (cursor !== undefined && cursor !== "");
  return people;
}
