import { z } from "zod";
import { oneLine } from "../view/words.ts";
import { slackCode } from "./failures.ts";
import type { InteractionDeps } from "./interaction-deps.ts";

export interface SlackPerson {
  id: string;
  name: string;
}

const MENTION = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/;
const ID = /^[UW][A-Z0-9]{5,}$/;
const PAGE = 200;
/** The user list is read page by page while somebody waits; a larger workspace needs an id instead of a name. */
const MAX_PAGES = 10;
const MAX_NAMED = 5;

const Member = z.object({
  id: z.string(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  profile: z
    .object({ display_name: z.string().optional(), real_name: z.string().optional(), email: z.string().optional() })
    .optional(),
});
type Member = z.infer<typeof Member>;

/** Finds a person of the workspace by id ("U1", "<@U1>") or name ("@kim", "Kim Park"); `fault` tells why not. */
export async function findPerson(deps: InteractionDeps, wanted: string): Promise<SlackPerson | { fault: string }> {
  const text = wanted.trim();
  const id = MENTION.exec(text)?.[1] ?? (ID.test(text) ? text : null);
  return id === null ? byName(deps, text.replace(/^@/, "")) : byId(deps, id);
}

async function byId(deps: InteractionDeps, id: string): Promise<SlackPerson | { fault: string }> {
  try {
    const { user } = await deps.slack((web) => web.users.info({ user: id }));
    const member = Member.safeParse(user).data;
    if (member === undefined || !isActivePerson(member))
      return { fault: `${id} is a bot, or has left the workspace: choose somebody else.` };
    return { id: member.id, name: nameOf(member) };
  } catch (error) {
    if (slackCode(error) === "user_not_found") return { fault: `Slack has no user with the id ${id}.` };
    throw error;
  }
}

async function byName(deps: InteractionDeps, name: string): Promise<SlackPerson | { fault: string }> {
  const wanted = name.toLowerCase();
  const found: Member[] = [];
  let cursor = "";
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await deps.slack((web) => web.users.list({ limit: PAGE, ...(cursor === "" ? {} : { cursor }) }));
    const members = z.array(Member).safeParse(answer.members ?? []).data ?? [];
    found.push(...members.filter((member) => isActivePerson(member) && namesOf(member).includes(wanted)));
    cursor = answer.response_metadata?.next_cursor ?? "";
    if (cursor === "") return onlyMatch(found, name);
  }
  return {
    fault: "The workspace is too large to look names up in: write the person's member id (from their profile).",
  };
}

function onlyMatch(found: readonly Member[], name: string): SlackPerson | { fault: string } {
  const [member] = found;
  const shown = oneLine(name, 60);
  if (member === undefined) return { fault: `Nobody in this workspace is called “${shown}”: check how it is written.` };
  if (found.length === 1) return { id: member.id, name: nameOf(member) };
  const ids = found.slice(0, MAX_NAMED).map((one) => `${one.id} (${one.name ?? ""})`);
  return { fault: `${found.length} people are called “${shown}”: write the id of one, as ${ids.join(", ")}.` };
}

/** True of people; Slackbot is not flagged as a bot. */
const isActivePerson = ({ id, deleted, is_bot: bot }: Member): boolean =>
  deleted !== true && bot !== true && id !== "USLACKBOT";

const nameOf = ({ id, name, real_name, profile }: Member): string =>
  [profile?.display_name, profile?.real_name, real_name, name].find((one) => one !== undefined && one !== "") ?? id;

const namesOf = ({ name, real_name, profile }: Member): string[] =>
  [name, real_name, profile?.display_name, profile?.real_name, profile?.email]
    .filter((one) => one !== undefined && one !== "")
    .map((one) => one?.toLowerCase() ?? "");
