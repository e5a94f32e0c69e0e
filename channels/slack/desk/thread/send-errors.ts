import { SendError } from "../../../../src/adapter/send-error.ts";
import { PLACE_CLOSED } from "../../../../src/desk/desk.ts";

/** Retry interval until somebody has invited the bot or unarchived the channel. */
export const FIX_RETRY_MS = 60_000;

/** Error codes of a Slack channel that is closed to us. */
const CHANNEL_CLOSED = /^(?:channel_not_found|not_in_channel|is_archived|restricted_action.*)$/;
/** Error codes of a message that we can't change. */
const UNEDITABLE =
  /^(?:message_not_found|cant_update_message|edit_window_closed|block_mismatch|is_inactive|streaming_state_conflict)$/;

export const isChannelClosed = (error: unknown): error is SendError =>
  error instanceof SendError && CHANNEL_CLOSED.test(error.code ?? "");
export const isUneditable = (error: unknown): error is SendError =>
  error instanceof SendError && UNEDITABLE.test(error.code ?? "");

/** Returns the same error with a retry: people have to fix something first. */
export function withRetry(error: SendError, afterMs: number): SendError {
  if (error.outcome !== "not-sent") return error;
  const code = error.code === undefined ? {} : { code: error.code };
  return new SendError(error.message, { outcome: "not-sent", retry: { afterMs }, ...code, cause: error });
}

/** Returns the error for a channel in which nothing may be shown any more, though Slack would accept it. */
export const placeClosedError = (channel: string, reason: string): SendError =>
  new SendError(`Nothing is shown in the Slack channel ${channel} any more: ${reason}`, {
    outcome: "not-sent",
    retry: { afterMs: FIX_RETRY_MS },
    code: PLACE_CLOSED,
  });
