/** Parses interactions: customers' choices, operators' commands, and requests for the desk's interactions. */

import type { Inbound } from "../../../src/adapter/inbound.ts";
import { type ThreadId, threadId } from "../../../src/domain/ids.ts";
import { toNormalForm } from "../../../src/domain/normal-form.ts";
import type { SlackConfig } from "../config.ts";
import { userAddress } from "../ids.ts";
import { ignored, isDirect, threadAndPlace, withheld } from "./delivery.ts";
import { timeOf } from "./event-body.ts";
import { Action, type Actor, actorOf, type Interaction } from "./interaction-body.ts";
import { commandOfButton, commandOfDialog } from "./parse-desk.ts";
import { readPlain } from "./text-in.ts";

/** Retired interaction types (docs.slack.dev, "outmoded interactive messages", "dialogs"). */
const RETIRED: ReadonlySet<string> = new Set([
  "interactive_message",
  "dialog_submission",
  "dialog_cancellation",
  "dialog_suggestion",
  "workflow_step_edit",
]);
/** Action ids of options, as `encode` writes them: the prompt, and the number of the option or select. */
const OPTION = /^opt:(.+):s?\d+$/s;

export function parseInteraction(body: Interaction, config: SlackConfig): Inbound[] {
  switch (body.type) {
    case "block_actions":
      return body.actions === undefined || body.actions.length === 0
        ? [ignored("no_actions")]
        : body.actions.map((action) => parsePress(action, body, config));
    case "view_submission":
      return [parseSubmission(body, config)];
    case "message_action":
      return [parseMessageShortcut(body)];
    case "shortcut":
    case "view_closed":
    case "block_suggestion":
      return [forInteractions(body)];
    default:
      return [ignored(RETIRED.has(body.type) ? `retired:${body.type}` : "unknown_interaction")];
  }
}

const forInteractions = ({ action_ts, callback_id, view }: Interaction): Inbound =>
  ignored("desk_front", { id: action_ts ?? view?.id ?? callback_id });

type Where = Pick<Extract<Inbound, { kind: "choice" }>, "thread" | "place">;

function parsePress(given: unknown, body: Interaction, config: SlackConfig): Inbound {
  const action = Action.safeParse(given).data;
  const actor = actorOf(body);
  if (action === undefined || actor === null) return ignored("bad_action");
  const { action_id: id } = action;
  const key = { key: `act:${action.action_ts ?? ""}:${actor.id}:${id}`, id: action.action_ts ?? id };
  if (id.startsWith("desk:")) {
    const caseCommand = commandOfButton(action);
    if (caseCommand === null) return ignored("desk_front", { id: key.id });
    if (caseCommand === "bad_value") return ignored("bad_desk_value", key);
    const where = whereOf(body, config) ?? { thread: placeholderThread(actor) };
    return { kind: "action", ...actorFields(actor, { ...key, ts: action.action_ts }), ...where, ...caseCommand };
  }
  const promptId = OPTION.exec(id)?.[1];
  if (promptId === undefined) return ignored("unknown_action", key);
  const where = whereOf(body, config);
  const optionId = action.selected_option?.value ?? action.value ?? "";
  if (where === null || optionId === "") return ignored("bad_choice", key);
  const label = readPlain((action.selected_option?.text ?? action.text)?.text ?? "", { emoji: null });
  const text = label === "" ? optionId : toNormalForm(label, "NFC");
  return {
    kind: "choice",
    ...actorFields(actor, { ...key, ts: action.action_ts }),
    ...where,
    promptId,
    optionId,
    text,
  };
}

function parseSubmission(body: Interaction, config: SlackConfig): Inbound {
  const { view } = body;
  const actor = actorOf(body);
  if (view === undefined || actor === null) return ignored("bad_view");
  const caseCommand = commandOfDialog(view);
  if (caseCommand === null) return forInteractions(body);
  const key = { key: `view:${view.id}:${view.hash ?? ""}`, id: view.id };
  if (caseCommand === "bad_value") return ignored("bad_desk_value", key);
  const where = whereOf(body, config) ?? { thread: placeholderThread(actor) };
  return { kind: "action", ...actorFields(actor, key), ...where, ...caseCommand };
}

/**
 * Ignores a message shortcut without storing its message, which may not have been written to us. The desk's interactions
 * decide about it, because they know the operator.
 */
function parseMessageShortcut({ message, channel, action_ts, callback_id }: Interaction): Inbound {
  const known = message !== undefined && channel !== undefined;
  return withheld(known ? "desk_front" : "retired:message_action", { id: action_ts ?? callback_id });
}

/** Placeholder thread for a dialog or the app's home; the act names its conversation, so nothing is looked up by it. */
const placeholderThread = (actor: Actor): ThreadId => threadId(`view:${actor.id}`);

function whereOf({ channel, container, message }: Interaction, config: SlackConfig): Where | null {
  const id = channel?.id ?? container?.channel_id;
  const ts = message?.ts ?? container?.message_ts;
  if (id === undefined || ts === undefined) return null;
  const parent = message?.thread_ts ?? container?.thread_ts;
  return threadAndPlace({ channel: id, direct: isDirect(id, undefined), ts, parent }, config);
}

function actorFields(actor: Actor, o: { key: string; id: string; ts?: string | undefined }) {
  return {
    dedupeKeys: [o.key],
    externalId: o.id,
    ...(o.ts === undefined ? {} : { sentAt: timeOf(o.ts) }),
    from: userAddress(actor.id),
    ...(actor.name === undefined ? {} : { displayName: actor.name }),
    trust: "verified" as const,
    ...(actor.external ? { flags: ["external"] } : {}),
  };
}
