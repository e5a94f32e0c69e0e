/** Applies the answer to a submitted modal (https://docs.slack.dev/surfaces/modals#close_updates). */
import type { StoredView } from "./types.ts";
import { newView, popModal, pushModal, replaceView } from "./views.ts";
import { Refusal } from "./web-api/refusal.ts";
import type { World } from "./world.ts";

interface Submitted {
  user: string;
  view: StoredView;
  body: string;
}

/** Closes the modal on an empty answer; an answer that Slack would refuse is a violation and leaves it open. */
export function afterSubmission(world: World, { user, view, body }: Submitted): void {
  const isOpen = (world.modals.get(user) ?? []).some((one) => one.id === view.id);
  const answer = parsed(body);
  if (answer === null)
    return void world.violations.push(`view_submission: the answer is no JSON: ${body.slice(0, 100)}`);
  if (!isOpen) return;
  try {
    act(world, { user, view, body }, answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

function act(world: World, { user, view }: Submitted, said: Record<string, unknown>): void {
  switch (said["response_action"]) {
    case undefined:
      return popModal(world, user);
    case "clear":
      return void world.modals.set(user, []);
    case "errors":
      return checkErrors(world, view, said["errors"]);
    case "update":
      return void replaceView(view, newView(world, "view_submission update", said["view"]));
    case "push":
      return void pushModal(world, user, newView(world, "view_submission push", said["view"]));
    default:
      world.violations.push(`view_submission: no response_action "${String(said["response_action"])}"`);
  }
}

/** Checks that errors name input blocks of the view, and have a text. */
function checkErrors(world: World, view: StoredView, errors: unknown): void {
  const inputs = new Set(view.blocks.filter((block) => block.type === "input").map((block) => block.block_id));
  const entries = Object.entries((errors ?? {}) as Record<string, unknown>);
  if (entries.length === 0) world.violations.push("view_submission: errors without any error");
  for (const [id, words] of entries) {
    if (!inputs.has(id))
      world.violations.push(`view_submission: an error at "${id}", which is no input block of the view`);
    if (typeof words !== "string" || words === "")
      world.violations.push(`view_submission: the error at "${id}" says nothing`);
  }
}

function parsed(body: string): Record<string, unknown> | null {
  if (body.trim() === "") return {};
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
