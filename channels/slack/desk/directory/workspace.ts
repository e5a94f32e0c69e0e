import type { WebClient } from "@slack/web-api";

const REMEMBERED_MS = 10 * 60_000;
const MAX_REMEMBERED = 1_000;

/**
 * Whether people belong to the workspace: whoever's `team_id` is another one's is a guest of a shared channel (there is no
 * flag for it). Of somebody whom Slack can't say anything about it is not believed.
 */
export function workspaceMembers(
  ask: <Value>(call: (web: WebClient) => Promise<Value>) => Promise<Value>,
): (user: string, team: string | null) => Promise<boolean> {
  const known = new Map<string, { team: string; until: number }>();
  const teamOf = async (user: string): Promise<string | null> => {
    const before = known.get(user);
    if (before !== undefined && before.until > Date.now()) return before.team;
    const found = await ask((web) => web.users.info({ user })).catch(() => null);
    const team = found?.user?.team_id ?? null;
    if (known.size >= MAX_REMEMBERED) known.clear();
    if (team !== null) known.set(user, { team, until: Date.now() + REMEMBERED_MS });
    return team;
  };
  return async (user, team) => team !== null && (await teamOf(user)) === team;
}
