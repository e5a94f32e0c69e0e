/** Looks up people's profiles in their workspace. */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Profile } from "../../../src/adapter/adapter.ts";
import type { Address } from "../../../src/domain/ids.ts";
import { calledBy } from "../outbound/web-client.ts";
import { Id } from "./event-body.ts";
import { maybe, maybeText } from "./json.ts";

/** Lifetime of a cached profile: people rarely change their name. */
const CACHE_MS = 10 * 60_000;
/** The most cached profiles; the oldest goes first. */
const MAX_CACHED = 2_000;
/** Slack's user ids ("U1", "W1"); a bot's has no profile. */
const USER = /^[UW]/;

/** users.info (docs.slack.dev); e-mail needs the scope users:read.email, and people of other workspaces have no locale. */
const Answer = z.object({
  user: z.object({
    id: Id,
    name: maybeText,
    real_name: maybeText,
    locale: maybeText,
    profile: maybe(z.object({ display_name: maybeText, real_name: maybeText, email: maybeText, phone: maybeText })),
  }),
});

export type LookUp = (from: Address, signal: AbortSignal) => Promise<Profile | null>;

/** Creates a cached lookup. `now`: milliseconds. Never throws: a failed lookup gives null, and is tried again next time. */
export function profiles(client: WebClient, now: () => number = Date.now): LookUp {
  const cache = new Map<Address, { profile: Profile; untilMs: number }>();
  return async (from, signal) => {
    if (!USER.test(from)) return null;
    const cached = cache.get(from);
    if (cached !== undefined && cached.untilMs > now()) return cached.profile;
    const profile = await fetchProfile(client, { user: from, signal });
    if (profile === null) return null;
    // Deleted and set again, to be the youngest.
    cache.delete(from);
    cache.set(from, { profile, untilMs: now() + CACHE_MS });
    const [oldest] = cache.keys();
    if (cache.size > MAX_CACHED && oldest !== undefined) cache.delete(oldest);
    return profile;
  };
}

async function fetchProfile(client: WebClient, o: { user: string; signal: AbortSignal }): Promise<Profile | null> {
  if (o.signal.aborted) return null;
  try {
    const given = await calledBy(o, () => client.users.info({ user: o.user, include_locale: true }));
    const answer = Answer.safeParse(given).data;
    return answer === undefined ? null : profileOf(answer.user);
  } catch {
    // A name is optional: the conversation goes on without it.
    return null;
  }
}

function profileOf({ profile = {}, name: handle, real_name, locale }: z.infer<typeof Answer>["user"]): Profile {
  const name = profile.display_name || profile.real_name || real_name || handle;
  return {
    ...(name ? { name } : {}),
    ...(profile.email ? { email: profile.email } : {}),
    ...(profile.phone ? { phone: profile.phone } : {}),
    ...(locale ? { language: locale } : {}),
  };
}
