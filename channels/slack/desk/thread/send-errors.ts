import { SendError } from "../../../../src/adapter/send-error.ts";
import { PLACE_CLOSED } from "../../../../src/desk/desk.ts";

/** Until somebody has invited the bot, or unarchived the channel. */
export const FIX_RETRY_MS = 60_000;

/** Codes with which a whole Slack channel is closed to us. */
const CLOSED = /^(?:channel_not_found|not_in_channel|is_archived|restricted_action.*)$/;
/** Codes with which one message can't be changed by us. */
const FIXED =
  /^(?:message_not_found|cant_update_message|edit_window_closed|block_mismatch|is_inactive|streaming_state_conflict)$/;

export const isClosed = (error: unknown): error is SendError =>
  error instanceof SendError && CLOSED.test(error.code ?? "");
export const isFixed = (error: unknown): error is SendError =>
  error instanceof SendError && FIXED.test(error.code ?? "");

/** The same, to be tried again: nothing is given up because people have something to mend first. */
export function waiting(error: SendError, afterMs: number): SendError {
  if (error.outcome !== "not-sent") return error;
  const code = error.code === undefined ? {} : { code: error.code };
  return new SendError(error.message, { outcome: "not-sent", retry: { afterMs }, ...code, cause: error });
}

/** Nothing may be shown in this channel any more, though Slack would take it. */
export const closedPlace = (channel: string, why: string): SendError =>
  new SendError(`Nothing is shown in the Slack channel ${channel} any more: ${why}`, {
    outcome: "not-sent",
    retry: { afterMs: FIX_RETRY_MS },
    code: PLACE_CLOSED,
  });
