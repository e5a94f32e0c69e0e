import { SendError } from "../../../../src/adapter/send-error.ts";
import { codeMeaning } from "../../outbound/error-codes.ts";
import { escape } from "../../outbound/escape.ts";
import { section } from "../view/fields.ts";
import { notice } from "../view/modals.ts";
import { clip } from "../view/words.ts";
import { publishHome } from "./home-page.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import type { RequestContext } from "./request-context.ts";

const MAX_SAID = 2_000;

/** What went wrong, and what to do, for the person who asked. Names nothing of the inside. */
export function saying(error: unknown): string {
  const code = slackCode(error);
  if (code === "expired_trigger_id" || code === "exchanged_trigger_id") {
    return "That took longer than Slack lets a dialog wait, so it was not opened. Press it again.";
  }
  if (code !== null) {
    const means = codeMeaning(code)?.means;
    return `Slack refused (${code}${means === undefined ? "" : `: ${means}`}). Nothing is lost; try it again.`;
  }
  return "That did not work, and the log says why. Try it again in a moment.";
}

/** The error code of Slack's answer, where it was one. */
export const slackCode = (error: unknown): string | null => (error instanceof SendError ? (error.code ?? null) : null);

/** Says something to the person alone, where they asked; what can't be said is logged. */
export async function tell(deps: InteractionDeps, asked: RequestContext, text: string): Promise<void> {
  const { at, operator, trigger } = asked;
  try {
    if (at.kind === "message") {
      const { channel, thread } = at;
      const words = {
        text: escape(clip(text, MAX_SAID)),
        blocks: [section(clip(text, MAX_SAID))],
        parse: "none",
      } as const;
      const where = thread === null ? { channel } : { channel, thread_ts: thread };
      await deps.slack((web) => web.chat.postEphemeral({ ...where, ...words, user: operator.id }));
      return;
    }
    if (at.kind === "home") return await publishHome(deps, operator, { ours: !asked.external, notice: text });
    if (trigger === null) return;
    const view = notice("Frontdesk", clip(text, MAX_SAID));
    await deps.slack((web) =>
      at.kind === "modal"
        ? web.views.push({ trigger_id: trigger, view })
        : web.views.open({ trigger_id: trigger, view }),
    );
  } catch (error) {
    deps.log.warn({ operator: operator.id, code: slackCode(error) }, "an operator could not be told");
  }
}
