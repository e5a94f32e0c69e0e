/** Who somebody is, as their workspace knows them. */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Profile } from "../../../src/adapter/adapter.ts";
import type { Address } from "../../../src/domain/ids.ts";
import { calledOffBy } from "../outbound/web-client.ts";
import { Id } from "./event-body.ts";
import { maybe, maybeText } from "./json.ts";

/** People rarely change their name. */
const KEPT_MS = 10 * 60_000;
/** A workspace's busiest people; the oldest goes first. */
const MAX_KEPT = 2_000;
/** Slack's user ids ("U1", "W1"); a bot's has no profile. */
const USER = /^[UW]/;

/** users.info (docs.slack.dev); the e-mail address needs the scope users:read.email, other workspaces' people have no locale. */
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

/** `now`: milliseconds. Never throws: who can't be looked up is null, and asked about again the next time. */
export function profiles(client: WebClient, now: () => number = Date.now): LookUp {
  const kept = new Map<Address, { profile: Profile; untilMs: number }>();
  return async (from, signal) => {
    if (!USER.test(from)) return null;
    const known = kept.get(from);
    if (known !== undefined && known.untilMs > now()) return known.profile;
    const profile = await asked(client, { user: from, signal });
    if (profile === null) return null;
    // Set anew, so that it is the youngest.
    kept.delete(from);
    kept.set(from, { profile, untilMs: now() + KEPT_MS });
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    return profile;
  };
}

async function asked(client: WebClient, o: { user: string; signal: AbortSignal }): Promise<Profile | null> {
  if (o.signal.aborted) return null;
  try {
    const given = await calledOffBy(o.signal, () => client.users.info({ user: o.user, include_locale: true }));
    const answer = Answer.safeParse(given).data;
    return answer === undefined ? null : profileOf(answer.user);
  } catch {
    // A name is a courtesy: without it the conversation goes on.
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
