import type { Hours } from "./hours.ts";

/** A group of people who share cases. */
export interface Queue {
  id: string;
  title: string;
  /**
   * Ids of operators; "channel": the members of the queue's channel at the desk, which has to be private;
   * "public-channel": the same for a channel that anybody may join; or a user group of the platform.
   */
  members: readonly string[] | "channel" | "public-channel" | { usergroup: string };
  /** null: always open. */
  hours: Hours | null;
  /** The place at the desk that shows its cases, by its visible name ("#support"); null when the desk needs none. */
  deskPlace: string | null;
  /** Renders the text sent outside the hours, in the first language that has one; null: the built-in text. */
  closedSay: ((values: Readonly<Record<string, unknown>>, languages: readonly string[]) => string | null) | null;
}
