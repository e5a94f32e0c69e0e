/** Slack's own client for the counterpart: no retries, no logging. */
import { LogLevel, WebClient, type WebClientOptions } from "@slack/web-api";
import type { SlackCounterpart } from "./types.ts";

const silent = (): void => {};
const logger = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  setName: silent,
  getLevel: () => LogLevel.ERROR,
};

export const quietOptions = ({ apiUrl }: SlackCounterpart): WebClientOptions => ({
  slackApiUrl: `${apiUrl}/api/`,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  logger,
});

/** Creates a client with the bot's token, or another. */
export const clientOf = (slack: SlackCounterpart, token = slack.botToken): WebClient =>
  new WebClient(token, quietOptions(slack));

/** Posts a message with any arguments. */
export const postMessage = (web: WebClient, o: Record<string, unknown>): Promise<{ ts: string }> =>
  web.apiCall("chat.postMessage", o) as unknown as Promise<{ ts: string }>;
