import type { WebClient } from "@slack/web-api";

const REMEMBERED_MS = 10 * 60_000;
const MAX_REMEMBERED = 1_000;

/**
 * Returns a check whether a person belongs to the workspace. Someone with another `team_id` is a guest of a shared channel
 * (there is no flag for it). False if Slack has no answer.
 */
export function workspaceMembers(
  callSlack: <Value>(call: (web: WebClient) => Promise<Value>) => Promise<Value>,
): (user: string, team: string | null) => Promise<boolean> {
  const known = new Map<string, { team: string; until: number }>();
  const teamOf = async (user: string): Promise<string | null> => {
    const before = known.get(user);
    if (before !== undefined && before.until > Date.now()) return before.team;
    const found = await callSlack((web) => web.users.info({ user })).catch(() => null);
    const team = found?.user?.team_id ?? null;
    if (known.size >= MAX_REMEMBERED) known.clear();
    if (team !== null) known.set(user, { team, until: Date.now() + REMEMBERED_MS });
    return team;
  };
  return async (user, team) => team !== null && (await teamOf(user)) === team;
}
