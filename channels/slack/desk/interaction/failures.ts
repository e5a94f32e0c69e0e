import { SendError } from "../../../../src/adapter/send-error.ts";
import { codeMeaning } from "../../outbound/error-codes.ts";
import { escape } from "../../outbound/escape.ts";
import { section } from "../view/fields.ts";
import { notice } from "../view/modals.ts";
import { clip } from "../view/words.ts";
import { publishHome } from "./home-page.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import type { RequestContext } from "./request-context.ts";

const MAX_NOTICE_CHARACTERS = 2_000;

/** Describes a failure, and what to do, to the person who asked. Reveals no internals. */
export function describeFailure(error: unknown): string {
  const code = slackCode(error);
  if (code === "expired_trigger_id" || code === "exchanged_trigger_id") {
    return "That took too long for Slack, so no dialog was opened. Try again.";
  }
  if (code !== null) {
    const means = codeMeaning(code)?.means;
    return `Slack refused (${code}${means === undefined ? "" : `: ${means}`}). Nothing is lost; try it again.`;
  }
  return "That did not work, and the log says why. Try it again in a moment.";
}

/** Returns the error code of Slack's answer; null if it was not an answer of Slack. */
export const slackCode = (error: unknown): string | null => (error instanceof SendError ? (error.code ?? null) : null);

/** Shows a text to the person only, where they asked; a failure is logged. */
export async function showNotice(deps: InteractionDeps, context: RequestContext, text: string): Promise<void> {
  const { at, operator, trigger } = context;
  try {
    if (at.kind === "message") {
      const { channel, thread } = at;
      const words = {
        text: escape(clip(text, MAX_NOTICE_CHARACTERS)),
        blocks: [section(clip(text, MAX_NOTICE_CHARACTERS))],
        parse: "none",
      } as const;
      const where = thread === null ? { channel } : { channel, thread_ts: thread };
      await deps.slack((web) => web.chat.postEphemeral({ ...where, ...words, user: operator.id }));
      return;
    }
    if (at.kind === "home") return await publishHome(deps, operator, { ours: !context.external, notice: text });
    if (trigger === null) return;
    const view = notice("Frontdesk", clip(text, MAX_NOTICE_CHARACTERS));
    await deps.slack((web) =>
      at.kind === "modal"
        ? web.views.push({ trigger_id: trigger, view })
        : web.views.open({ trigger_id: trigger, view }),
    );
  } catch (error) {
    deps.log.warn({ operator: operator.id, code: slackCode(error) }, "operator notice failed");
  }
}
