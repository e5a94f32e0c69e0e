/** Who answers what, among everything that Slack hands to the desk. */
import type { App } from "@slack/bolt";
import { z } from "zod";
import type { StoredInbound } from "../../../../src/adapter/inbound.ts";
import { maybe, maybeText } from "../../inbound/json.ts";
import { CHANGES, changed, departed, moved, shutOut } from "../directory/departed.ts";
import { COMMAND, callbackOf, FRONT_ACTIONS, SHORTCUT_OPEN, SHORTCUT_START } from "../view/actions.ts";
import { LINK_ACTION } from "../view/fields.ts";
import { FIND_ACTION } from "../view/modals.ts";
import { askedBy, type Request } from "./asked.ts";
import { STORED } from "./bolt.ts";
import { answerCommand, dutyWords, ephemeral } from "./command.ts";
import { openDialog, openStart, searchCases, wantedDialog } from "./dialogs.ts";
import { goOnDuty } from "./duty.ts";
import { saying, slackCode, tell } from "./failures.ts";
import type { FrontDeps } from "./front-deps.ts";
import { followUp, publishHome } from "./home-page.ts";
import { claimNext } from "./next-case.ts";
import { openFromMessage } from "./shortcut.ts";
import { startConversation } from "./start.ts";
import { refusal } from "./submission.ts";
import { outsiderWords, queuesOfAsked } from "./workers.ts";

/** What all listeners of Bolt's are given, as far as we use it. */
interface Heard {
  body: unknown;
  context: Readonly<Record<string, unknown>>;
  ack?: unknown;
}

type Handler = (front: FrontDeps, request: Request) => Promise<object | null | void>;

const OURS = /^desk:/;
const [NEXT, START, ON, OFF, REFRESH] = FRONT_ACTIONS;

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
export function isForFront(body: unknown): boolean {
  const { type, command, callback_id: callback, event, view, actions } = Body.parse(body);
  if (event !== undefined) return EVENTS.has(event.type);
  if (command !== undefined) return command === COMMAND;
  if (type === "block_actions") return OURS.test(actions?.[0]?.action_id ?? "");
  if (type === "view_submission") return OURS.test(view?.callback_id ?? "");
  const shortcut = type === "shortcut" || type === "message_action";
  return shortcut && (callback === SHORTCUT_OPEN || callback === SHORTCUT_START);
}

export function listen(app: App, front: FrontDeps): void {
  app.action(
    OURS,
    on(front, pressed, (asked, text) => tell(front, asked, text)),
  );
  app.view(
    OURS,
    on(front, handedIn, async (_asked, text) => refusal("text", text)),
  );
  app.command(
    COMMAND,
    on(front, commanded, async (_asked, text) => ephemeral(text)),
  );
  app.shortcut(
    SHORTCUT_OPEN,
    on(front, openFromMessage, (asked, text) => tell(front, asked, text)),
  );
  app.shortcut(
    SHORTCUT_START,
    on(front, openStart, (asked, text) => tell(front, asked, text)),
  );
  app.event("app_home_opened", ({ body }) => homeOpened(front, body));
  app.event("user_change", ({ body }) => departed(front, body));
  app.event("channel_id_changed", ({ body }) => moved(front, body));
  app.event(/^(?:tokens_revoked|app_uninstalled)$/, async ({ body }) => shutOut(front, body));
  app.event(new RegExp(`^(?:${CHANGES.join("|")})$`), ({ body }) => changed(front, body));
}

/** Runs a handler, and answers with what it says; a failure is logged, and said to the person. */
function on(
  front: FrontDeps,
  handle: Handler,
  failed: (asked: Request["asked"], text: string) => Promise<object | void>,
) {
  return async ({ body, context, ack }: Heard): Promise<void> => {
    const asked = askedBy(body);
    const answer = ack as (answer?: object) => Promise<void>;
    if (asked === null) return answer();
    try {
      const stored = (context[STORED] ?? []) as readonly StoredInbound[];
      const said = await handle(front, { asked, body, stored });
      await answer(said ?? undefined);
    } catch (error) {
      front.log.error(
        { err: error, code: slackCode(error), operator: asked.operator.id },
        "something asked for at the desk failed",
      );
      await answer((await failed(asked, saying(error))) ?? undefined);
    }
  };
}

const pressed: Handler = async (front, request) => {
  const action = Body.parse(request.body).actions?.[0]?.action_id ?? "";
  const { operator, external } = request.asked;
  switch (action) {
    case FIND_ACTION:
      return searchCases(front, request);
    case LINK_ACTION:
      return;
    case START:
      return openStart(front, request);
    case REFRESH:
      return publishHome(front, operator, { ours: !external });
    case ON:
    case OFF:
      return duty(front, request, action === ON);
    case NEXT:
      await claimNext(front, request);
      break;
    default:
      if (wantedDialog(request.body) !== null) return openDialog(front, request);
  }
  // The rest was stored as what the operator did: their page follows when it is handled.
  front.later("home", () => followUp(front, operator));
};

async function duty(front: FrontDeps, { asked }: Request, toWork: boolean): Promise<void> {
  if ((await queuesOfAsked(front, asked)).length === 0) return tell(front, asked, await outsiderWords(front));
  const count = await goOnDuty(front, asked, toWork);
  await publishHome(front, asked.operator, { ours: true, notice: dutyWords(toWork, count) });
  front.later("home", () => followUp(front, asked.operator));
}

const handedIn: Handler = async (front, request) => {
  const starts = Body.parse(request.body).view?.callback_id === callbackOf("start");
  const refused = starts ? await startConversation(front, request) : null;
  if (refused !== null) return refused;
  front.later("home", () => followUp(front, request.asked.operator));
};

const commanded: Handler = (front, { asked, body }) => answerCommand(front, asked, Body.parse(body).text ?? "");

const HomeOpened = z.object({
  team_id: maybeText,
  authorizations: maybe(z.array(z.object({ team_id: maybeText }))),
  event: z.object({ user: z.string(), tab: maybeText }),
});

async function homeOpened(front: FrontDeps, body: unknown): Promise<void> {
  const opened = HomeOpened.safeParse(body).data;
  if (opened === undefined || opened.event.tab !== "home") return;
  const { user } = opened.event;
  const ours = await front.isOurs(user, opened.authorizations?.[0]?.team_id ?? opened.team_id ?? null);
  await publishHome(front, { id: user, name: user }, { ours });
}
