/**
 * The interactions of the desk in Slack: dialogs, the home page, `/desk`, shortcuts, and events about people and channels.
 *
 * 1. A body is answered only after it was verified and stored.
 * 2. Slack waits three seconds: slower work continues, and the person is told to look again.
 * 3. The desk is for members of queues. People of other workspaces are never members, and a queue whose members are not
 *    known has none.
 * 4. An operator's command is stored once, under the request's key, before Slack is answered.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { RawInbound, StoredInbound } from "../../../../src/adapter/inbound.ts";
import type { DeskInteractions, OpenInteractions } from "../../../../src/desk/desk.ts";
import { systemClock } from "../../../../src/lib/clock.ts";
import { slackConfig } from "../../config.ts";
import { userAddress } from "../../ids.ts";
import { profiles } from "../../inbound/profile.ts";
import { call } from "../../outbound/errors.ts";
import { openWebClient } from "../../outbound/web-client.ts";
import { workspaceMembers } from "../directory/workspace.ts";
import { COMMAND } from "../view/actions.ts";
import { threadLinks } from "../view/links.ts";
import { openBolt } from "./bolt.ts";
import { ephemeral } from "./command.ts";
import type { InteractionDeps } from "./interaction-deps.ts";
import { isInteraction, registerHandlers } from "./listen.ts";
import { bodyOf } from "./request-context.ts";
import { refuseShortcut } from "./shortcut.ts";
import { firstBlock, refusal, Submission } from "./submission.ts";
import { validateDialog } from "./validate-dialog.ts";

/** Part of Slack's three seconds; the rest is for the network. */
const ANSWER_WITHIN_MS = 2_300;
/** Time for deciding on a refusal before anything is stored; the rest is for the answer. */
const REFUSE_WITHIN_MS = 1_000;
/** Timeout of one call of the Web API. A trigger id expires after three seconds. */
const CALL_WITHIN_MS = 2_500;
/** Timeout for a display name, which is optional. */
const NAME_WITHIN_MS = 600;
/** Time for running work to finish when the desk is closed. */
const CLOSE_WITHIN_MS = 3_000;

type InteractionsOptions = Parameters<OpenInteractions>[0] & {
  /** Called when Slack says that channels or members have changed. */
  onChange?: () => void;
};

/** Opens the interactions; makes no call to Slack until somebody asks for something. */
export async function openInteractions(o: InteractionsOptions): Promise<DeskInteractions> {
  const config = slackConfig.parse(o.config);
  const { log } = o.deps;
  const [bolt, web] = await Promise.all([openBolt(config, log), openWebClient(config)]);
  const profileOf = profiles(web);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>): void => {
    const settled = work.finally(() => running.delete(settled));
    running.add(settled);
  };
  const slack: InteractionDeps["slack"] = (make) =>
    call(AbortSignal.any([closing.signal, AbortSignal.timeout(CALL_WITHIN_MS)]), () => make(web));
  const deps: InteractionDeps = {
    channel: o.channel,
    config,
    store: o.store,
    log,
    clock: systemClock,
    slack,
    runLater: (what, work) =>
      track(work().catch((error: unknown) => log.warn({ err: error, what }, "desk refresh failed"))),
    links: threadLinks(slack),
    isOurs: workspaceMembers(slack),
    withDisplayName: async ({ id, name }) => {
      const profile = await profileOf(userAddress(id), AbortSignal.timeout(NAME_WITHIN_MS));
      return { id, name: profile?.name ?? name };
    },
    homes: new Map(),
    onChange: o.onChange ?? (() => {}),
  };
  registerHandlers(bolt.app, deps);

  async function interact(raw: RawInbound, stored: readonly StoredInbound[]): Promise<string | null> {
    const body = bodyOf(raw);
    if (body === null || !isInteraction(body)) return null;
    const { answered, done } = bolt.process(body, stored);
    track(done);
    // Events need no answer, so their handling may finish before they are acknowledged.
    const answer = "event" in body ? done : Promise.race([answered, done.then(() => answered)]);
    const first = await Promise.race([answer, pause(ANSWER_WITHIN_MS, LATE, { ref: false })]);
    if (first !== LATE) return bodyFor(first);
    log.warn({ type: body["type"] ?? COMMAND }, "desk answer exceeded slack's deadline");
    return bodyFor(lateAnswer(body));
  }

  return {
    interact: (raw, stored) =>
      interact(raw, stored).catch((error: unknown) => {
        log.error({ err: error }, "desk interaction failed");
        return null;
      }),
    async refuse(raw) {
      const body = bodyOf(raw);
      if (body?.["type"] === "message_action") return refuseShortcut(deps, body);
      if (body?.["type"] !== "view_submission") return null;
      const check = validateDialog(deps, body).catch((error: unknown) => {
        // The turn that handles it checks again.
        log.warn({ err: error }, "dialog check failed");
        return null;
      });
      const answer = bodyFor(await Promise.race([check, pause(REFUSE_WITHIN_MS, null, { ref: false })]));
      return answer === null ? null : { reason: "refused", answer };
    },
    async close() {
      await Promise.race([Promise.allSettled(running), pause(CLOSE_WITHIN_MS, null, { ref: false })]);
      closing.abort(new Error("The desk was closed"));
      await Promise.allSettled(running);
    },
  };
}

const LATE = Symbol("late");

const bodyFor = (answer: unknown): string | null =>
  typeof answer === "object" && answer !== null ? JSON.stringify(answer) : null;

/** Returns the answer to Slack when the real one is late; null: the person sees the result later anyway. */
function lateAnswer(body: Record<string, unknown>): object | null {
  if (body["command"] !== undefined) return ephemeral("This takes longer than usual. Look again in a moment.");
  const view = Submission.safeParse(body).data?.view;
  const block = view === undefined ? null : firstBlock(view);
  if (block === null) return null;
  return refusal(block, "This takes longer than usual. Submit it again in a moment: it will not be done twice.");
}
