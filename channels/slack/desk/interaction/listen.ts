/** Who answers what, among everything that Slack hands to the desk. */
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
import { openDialog, openStart, searchCases, wantedDialog } from "./dialogs.ts";
import { goOnDuty } from "./duty.ts";
import { saying, slackCode, tell } from "./failures.ts";
import { followUp, publishHome } from "./home-page.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { claimNext } from "./next-case.ts";
import { outsiderWords, queuesOfAsked } from "./operator-queues.ts";
import { contextOf, type Request } from "./request-context.ts";
import { openFromMessage } from "./shortcut.ts";
import { startConversation } from "./start.ts";
import { refusal } from "./submission.ts";

/** What all listeners of Bolt's are given, as far as we use it. */
interface Heard {
  body: unknown;
  context: Readonly<Record<string, unknown>>;
  ack?: unknown;
}

type Handler = (deps: InteractionDeps, request: Request) => Promise<object | null | void>;

const OURS = /^desk:/;
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

/** Whether anybody here listens for it: most of what comes is messages. */
export function isInteraction(body: unknown): boolean {
  const { type, command, callback_id: callback, event, view, actions } = Body.parse(body);
  if (event !== undefined) return EVENTS.has(event.type);
  if (command !== undefined) return command === COMMAND;
  if (type === "block_actions") return OURS.test(actions?.[0]?.action_id ?? "");
  if (type === "view_submission") return OURS.test(view?.callback_id ?? "");
  const shortcut = type === "shortcut" || type === "message_action";
  return shortcut && (callback === SHORTCUT_OPEN || callback === SHORTCUT_START);
}

export function listen(app: App, deps: InteractionDeps): void {
  app.action(
    OURS,
    on(deps, onPress, (asked, text) => tell(deps, asked, text)),
  );
  app.view(
    OURS,
    on(deps, onSubmit, async (_asked, text) => refusal("text", text)),
  );
  app.command(
    COMMAND,
    on(deps, onCommand, async (_asked, text) => ephemeral(text)),
  );
  app.shortcut(
    SHORTCUT_OPEN,
    on(deps, openFromMessage, (asked, text) => tell(deps, asked, text)),
  );
  app.shortcut(
    SHORTCUT_START,
    on(deps, openStart, (asked, text) => tell(deps, asked, text)),
  );
  app.event("app_home_opened", ({ body }) => onHomeOpened(deps, body));
  app.event("user_change", ({ body }) => onOperatorLeft(deps, body));
  app.event("channel_id_changed", ({ body }) => onChannelMoved(deps, body));
  app.event(/^(?:tokens_revoked|app_uninstalled)$/, async ({ body }) => onAppRemoved(deps, body));
  app.event(new RegExp(`^(?:${CHANGES.join("|")})$`), ({ body }) => onWorkspaceChange(deps, body));
}

/** Runs a handler, and answers with what it says; a failure is logged, and said to the person. */
function on(
  deps: InteractionDeps,
  handle: Handler,
  failed: (asked: Request["asked"], text: string) => Promise<object | void>,
) {
  return async ({ body, context, ack }: Heard): Promise<void> => {
    const asked = contextOf(body);
    const answer = ack as (answer?: object) => Promise<void>;
    if (asked === null) return answer();
    try {
      const stored = (context[STORED] ?? []) as readonly StoredInbound[];
      const said = await handle(deps, { asked, body, stored });
      await answer(said ?? undefined);
    } catch (error) {
      deps.log.error(
        { err: error, code: slackCode(error), operator: asked.operator.id },
        "something asked for at the desk failed",
      );
      await answer((await failed(asked, saying(error))) ?? undefined);
    }
  };
}

const onPress: Handler = async (deps, request) => {
  const action = Body.parse(request.body).actions?.[0]?.action_id ?? "";
  const { operator, external } = request.asked;
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
      if (wantedDialog(request.body) !== null) return openDialog(deps, request);
  }
  // The rest was stored as what the operator did: their page follows when it is handled.
  deps.later("home", () => followUp(deps, operator));
};

async function duty(deps: InteractionDeps, { asked }: Request, toWork: boolean): Promise<void> {
  if ((await queuesOfAsked(deps, asked)).length === 0) return tell(deps, asked, await outsiderWords(deps));
  const count = await goOnDuty(deps, asked, toWork);
  await publishHome(deps, asked.operator, { ours: true, notice: dutyWords(toWork, count) });
  deps.later("home", () => followUp(deps, asked.operator));
}

const onSubmit: Handler = async (deps, request) => {
  const starts = Body.parse(request.body).view?.callback_id === callbackOf("start");
  const refused = starts ? await startConversation(deps, request) : null;
  if (refused !== null) return refused;
  deps.later("home", () => followUp(deps, request.asked.operator));
};

const onCommand: Handler = (deps, { asked, body }) => answerCommand(deps, asked, Body.parse(body).text ?? "");

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
