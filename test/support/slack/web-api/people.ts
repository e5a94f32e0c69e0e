/** `users.*`, `usergroups.*`, `dnd.*`. */
import type { Person, World } from "../world.ts";
import { type Call, type Method, paged, text, words } from "./call.ts";
import { Refusal } from "./refusal.ts";

const PAGE = { cursor: "text", limit: "number" } as const;

export const people: Record<string, Method> = {
  "users.info": {
    needs: ["users:read"],
    takes: { user: "text", include_locale: "flag" },
    required: ["user"],
    run: (call) => ({ user: visiblePerson(call, { locale: call.args["include_locale"] === true }) }),
  },
  "users.list": {
    needs: ["users:read"],
    takes: { ...PAGE, include_locale: "flag", team_id: "text" },
    run: listPeople,
  },
  "users.getPresence": {
    needs: ["users:read"],
    takes: { user: "text" },
    run: (call) => ({ presence: visiblePerson(call).is_bot ? "away" : "active" }),
  },
  "dnd.info": {
    needs: ["dnd:read"],
    takes: { user: "text" },
    run: () => ({ dnd_enabled: false, next_dnd_start_ts: 1, next_dnd_end_ts: 1, snooze_enabled: false }),
  },
  "usergroups.list": {
    needs: ["usergroups:read"],
    takes: { include_users: "flag", include_count: "flag", include_disabled: "flag" },
    run: listGroups,
  },
  "usergroups.users.list": {
    needs: ["usergroups:read"],
    takes: { usergroup: "text", include_disabled: "flag" },
    required: ["usergroup"],
    run: ({ world, args }) => ({ users: group(world, words(args["usergroup"])).members }),
  },
};

function visiblePerson(call: Call, o?: { locale: boolean }): ReturnType<typeof personObject> {
  const id = text(call, "user") ?? call.world.ids.botUserId;
  const person = call.world.people.get(id);
  if (!person) throw new Refusal("user_not_found");
  return personObject(call.world, person, o);
}

function listPeople(call: Call): Record<string, unknown> {
  const own = [...call.world.people.values()].filter((person) => person.teamId === call.world.ids.teamId);
  const { page, response_metadata } = paged(call, own);
  const members = page.map((person) =>
    personObject(call.world, person, { locale: call.args["include_locale"] === true }),
  );
  return { members, cache_ts: 0, response_metadata };
}

function listGroups({ world, args }: Call): Record<string, unknown> {
  const usergroups = [...world.usergroups.values()].map(({ id, handle, members }) => {
    const base = { id, team_id: world.ids.teamId, is_usergroup: true, name: handle, handle, date_delete: 0 };
    return { ...base, user_count: members.length, ...(args["include_users"] ? { users: members } : {}) };
  });
  return { usergroups };
}

function group(world: World, id: string): { members: string[] } {
  const found = world.usergroups.get(id);
  if (!found) throw new Refusal("no_such_subteam");
  return found;
}

/** Returns a person as Slack shows them: no locale for other workspaces, and e-mail only with its own scope. */
export function personObject(world: World, person: Person, { locale = false }: { locale?: boolean } = {}) {
  const { id, name, teamId, deleted, isBot } = person;
  const external = teamId !== world.ids.teamId;
  const email = person.email && world.scopes.has("users:read.email") ? { email: person.email } : {};
  const handle = name.toLowerCase().replace(/\s+/g, ".");
  const profile = { real_name: name, display_name: name, real_name_normalized: name, team: teamId, ...email };
  const flags = { deleted, is_bot: isBot, is_app_user: false, is_restricted: false, is_ultra_restricted: false };
  const zone = { tz: "Europe/Berlin", tz_label: "Central European Time", tz_offset: 3600 };
  const more = external ? { is_stranger: false } : locale ? { locale: person.locale } : {};
  return { id, team_id: teamId, name: handle, real_name: name, ...flags, ...zone, profile, updated: 0, ...more };
}
