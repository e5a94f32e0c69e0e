import { setTimeout as pause } from "node:timers/promises";
import type { ModalView } from "@slack/types";
import { LOADING, notice } from "../view/modals.ts";
import { saying } from "./failures.ts";
import type { InteractionDeps } from "./interaction-deps.ts";

/** Of the three seconds that a trigger id lives, what is left for opening. */
const QUICK_MS = 700;

/**
 * Opens a dialog. Where it takes long to know what is in it, something stands in its place until then, because the trigger
 * id would be gone. Throws where Slack opens nothing.
 */
export async function showView(deps: InteractionDeps, trigger: string, made: Promise<ModalView>): Promise<void> {
  const safe = made.catch((error: unknown) => {
    deps.log.error({ err: error }, "a dialog could not be made");
    return notice("Frontdesk", saying(error));
  });
  const first = await Promise.race([safe, pause(QUICK_MS, null, { ref: false })]);
  const opened = await deps.slack((web) => web.views.open({ trigger_id: trigger, view: first ?? LOADING }));
  if (first !== null) return;
  const { id: view_id, hash } = opened.view ?? {};
  if (view_id === undefined) return;
  const view = await safe;
  await deps.slack((web) => web.views.update({ view_id, view, ...(hash === undefined ? {} : { hash }) }));
}
