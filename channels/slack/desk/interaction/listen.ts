/** Registers the handlers of everything that Slack sends to the desk. */
import type { App } from "@slack/bolt";
import { z } from "zod";
import type { StoredInbound } from "../../../../src/adapter/inbound.ts";
import { maybe, maybeText } from "../../inbound/json.ts";
import {
  CHANGES,
  onAppRemoved,
  onChannelMoved,
  onOperatorLeft,
  onWorkspaceChange,
} from "../directory/workspace-events.ts";
import { COMMAND, callbackOf, DESK_ACTIONS, SHORTCUT_OPEN, SHORTCUT_START } from "../view/actions.ts";
import { LINK_ACTION } from "../view/fields.ts";
import { FIND_ACTION } from "../view/modals.ts";
import { STORED } from "./bolt.ts";
import { answerCommand, dutyWords, ephemeral } from "./command.ts";
import { openDialog, openStart, requestedDialog, searchCases } from "./dialogs.ts";
import { setDuty } from "./duty.ts";
import { describeFailure, showNotice, slackCode } from "./failures.ts";
import { publishHome, refreshHome } from "./home-page.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { claimNext } from "./next-case.ts";
import { noAccessText, requesterQueues } from "./operator-queues.ts";
import { contextOf, type Request } from "./request-context.ts";
import { openFromMessage } from "./shortcut.ts";
import { submitStart } from "./start.ts";
import { refusal } from "./submission.ts";

/** The arguments of Bolt's listeners that we use. */
interface BoltArguments {
  body: unknown;
  context: Readonly<Record<string, unknown>>;
  ack?: unknown;
}

type Handler = (deps: InteractionDeps, request: Request) => Promise<object | null | void>;

const DESK_ID = /^desk:/;
const [NEXT, START, ON, OFF, REFRESH] = DESK_ACTIONS;

const Body = z.object({
  type: maybeText,
  command: maybeText,
  callback_id: maybeText,
  text: maybeText,
  event: maybe(z.object({ type: z.string() })),
  view: maybe(z.object({ callback_id: maybeText })),
  actions: maybe(z.array(z.object({ action_id: z.string() }))),
});

const EVENTS: ReadonlySet<string> = new Set([
  ...CHANGES,
  "app_home_opened",
  "channel_id_changed",
  "user_change",
  "tokens_revoked",
  "app_uninstalled",
]);

/** True when a handler is registered for a body; most bodies are messages. */
export function isInteraction(body: unknown): boolean {
  const { type, command, callback_id: callback, event, view, actions } = Body.parse(body);
  if (event !== undefined) return EVENTS.has(event.type);
  if (command !== undefined) return command === COMMAND;
  if (type === "block_actions") return DESK_ID.test(actions?.[0]?.action_id ?? "");
  if (type === "view_submission") return DESK_ID.test(view?.callback_id ?? "");
  const shortcut = type === "shortcut" || type === "message_action";
  return shortcut && (callback === SHORTCUT_OPEN || callback === SHORTCUT_START);
}

export function registerHandlers(app: App, deps: InteractionDeps): void {
  app.action(
    DESK_ID,
    handler(deps, onPress, (context, text) => showNotice(deps, context, text)),
  );
  app.view(
    DESK_ID,
    handler(deps, onSubmit, async (_context, text) => refusal("text", text)),
  );
  app.command(
    COMMAND,
    handler(deps, onCommand, async (_context, text) => ephemeral(text)),
  );
  app.shortcut(
    SHORTCUT_OPEN,
    handler(deps, openFromMessage, (context, text) => showNotice(deps, context, text)),
  );
  app.shortcut(
    SHORTCUT_START,
    handler(deps, openStart, (context, text) => showNotice(deps, context, text)),
  );
  app.event("app_home_opened", ({ body }) => onHomeOpened(deps, body));
  app.event("user_change", ({ body }) => onOperatorLeft(deps, body));
  app.event("channel_id_changed", ({ body }) => onChannelMoved(deps, body));
  app.event(/^(?:tokens_revoked|app_uninstalled)$/, async ({ body }) => onAppRemoved(deps, body));
  app.event(new RegExp(`^(?:${CHANGES.join("|")})$`), ({ body }) => onWorkspaceChange(deps, body));
}

/** Wraps a handler: sends its answer; a failure is logged, and shown to the person. */
function handler(
  deps: InteractionDeps,
  handle: Handler,
  showFailure: (context: Request["context"], text: string) => Promise<object | void>,
) {
  return async ({ body, context: bolt, ack }: BoltArguments): Promise<void> => {
    const context = contextOf(body);
    const answer = ack as (answer?: object) => Promise<void>;
    if (context === null) return answer();
    try {
      const stored = (bolt[STORED] ?? []) as readonly StoredInbound[];
      const response = await handle(deps, { context, body, stored });
      await answer(response ?? undefined);
    } catch (error) {
      deps.log.error({ err: error, code: slackCode(error), operator: context.operator.id }, "desk request failed");
      await answer((await showFailure(context, describeFailure(error))) ?? undefined);
    }
  };
}

const onPress: Handler = async (deps, request) => {
  const action = Body.parse(request.body).actions?.[0]?.action_id ?? "";
  const { operator, external } = request.context;
  switch (action) {
    case FIND_ACTION:
      return searchCases(deps, request);
    case LINK_ACTION:
      return;
    case START:
      return openStart(deps, request);
    case REFRESH:
      return publishHome(deps, operator, { ours: !external });
    case ON:
    case OFF:
      return duty(deps, request, action === ON);
    case NEXT:
      await claimNext(deps, request);
      break;
    default:
      if (requestedDialog(request.body) !== null) return openDialog(deps, request);
  }
  // Any other press was stored as an operator's act: refresh their page when it has been handled.
  deps.runLater("home", () => refreshHome(deps, operator));
};

async function duty(deps: InteractionDeps, { context }: Request, toWork: boolean): Promise<void> {
  if ((await requesterQueues(deps, context)).length === 0) return showNotice(deps, context, await noAccessText(deps));
  const count = await setDuty(deps, context, toWork);
  await publishHome(deps, context.operator, { ours: true, notice: dutyWords(toWork, count) });
  deps.runLater("home", () => refreshHome(deps, context.operator));
}

const onSubmit: Handler = async (deps, request) => {
  const starts = Body.parse(request.body).view?.callback_id === callbackOf("start");
  const refused = starts ? await submitStart(deps, request) : null;
  if (refused !== null) return refused;
  deps.runLater("home", () => refreshHome(deps, request.context.operator));
};

const onCommand: Handler = (deps, { context, body }) => answerCommand(deps, context, Body.parse(body).text ?? "");

const HomeOpened = z.object({
  team_id: maybeText,
  authorizations: maybe(z.array(z.object({ team_id: maybeText }))),
  event: z.object({ user: z.string(), tab: maybeText }),
});

async function onHomeOpened(deps: InteractionDeps, body: unknown): Promise<void> {
  const opened = HomeOpened.safeParse(body).data;
  if (opened === undefined || opened.event.tab !== "home") return;
  const { user } = opened.event;
  const ours = await deps.isOurs(user, opened.authorizations?.[0]?.team_id ?? opened.team_id ?? null);
  await publishHome(deps, { id: user, name: user }, { ours });
}
