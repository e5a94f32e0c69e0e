import type { WebClient } from "@slack/web-api";
import { callFor } from "./errors.ts";

/** Who we are at Slack, and the time there. */
export interface Identity {
  /** Our bot's user. */
  user: string;
  /** Time by Slack's clock, which numbers its posts, in milliseconds; neither our clock nor the database's has to agree (E6). */
  nowMs: number;
}

/**
 * Asks Slack who we are. The time is that of its answer, in whole seconds (RFC 9110, section 6.6.1, "Date"). null: it does
 * not say. Never throws.
 */
export async function identityOf(web: WebClient, signal: AbortSignal): Promise<Identity | null> {
  let date = "";
  const onAnswer = (headers: Headers): void => {
    date = headers.get("date") ?? "";
  };
  const answer = await callFor({ signal, onAnswer }, () => web.auth.test()).catch(() => null);
  const nowMs = Date.parse(date);
  return answer?.user_id === undefined || Number.isNaN(nowMs) ? null : { user: answer.user_id, nowMs };
}
