import { setTimeout as pause } from "node:timers/promises";
import type { ModalView } from "@slack/types";
import { LOADING, notice } from "../view/modals.ts";
import { describeFailure } from "./failures.ts";
import type { InteractionDeps } from "./interaction-deps.ts";

/** Time to wait for the dialog's content before a placeholder is opened; a trigger id lives three seconds. */
const QUICK_MS = 700;

/**
 * Opens a dialog. If its content takes long, a placeholder is opened first and replaced later, because the trigger id would
 * expire. Throws if Slack opens nothing.
 */
export async function showView(deps: InteractionDeps, trigger: string, content: Promise<ModalView>): Promise<void> {
  const safe = content.catch((error: unknown) => {
    deps.log.error({ err: error }, "dialog content failed");
    return notice("Frontdesk", describeFailure(error));
  });
  const first = await Promise.race([safe, pause(QUICK_MS, null, { ref: false })]);
  const opened = await deps.slack((web) => web.views.open({ trigger_id: trigger, view: first ?? LOADING }));
  if (first !== null) return;
  const { id: view_id, hash } = opened.view ?? {};
  if (view_id === undefined) return;
  const view = await safe;
  await deps.slack((web) => web.views.update({ view_id, view, ...(hash === undefined ? {} : { hash }) }));
}
