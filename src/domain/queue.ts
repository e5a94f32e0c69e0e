import type { Hours } from "./hours.ts";

/** People who take over from the bot, together. */
export interface Queue {
  id: string;
  title: string;
  /**
   * Ids of operators; "channel": whoever is in the queue's channel at the desk, which only members let in; "public-channel":
   * the same of a channel that anybody may join; or a user group of the platform's.
   */
  members: readonly string[] | "channel" | "public-channel" | { usergroup: string };
  /** null: always open. */
  hours: Hours | null;
  /** The place at the desk that shows its cases, as people call it ("#support"); null where the desk needs none. */
  deskPlace: string | null;
  /** What the customer hears outside the hours, in the first of the languages there is a text for; null: our own words. */
  closedSay: ((values: Readonly<Record<string, unknown>>, languages: readonly string[]) => string | null) | null;
}
