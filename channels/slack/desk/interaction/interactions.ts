/**
 * The answering half of the desk in Slack: dialogs, the home page, `/desk`, shortcuts, and what Slack tells of people and
 * channels.
 *
 * 1. Nothing is answered that was not verified and stored before.
 * 2. Slack waits three seconds: whatever is slower is said to be under way, and goes on.
 * 3. The desk is for people who work in a queue; people of other workspaces never do, and nobody does in a queue of which
 *    it is not known who works there.
 * 4. What an operator asks for is stored once, under a key that the asking gives, before Slack is answered.
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
import { isInteraction, listen } from "./listen.ts";
import { bodyOf } from "./request-context.ts";
import { refuseShortcut } from "./shortcut.ts";
import { firstBlock, refusal, Submission } from "./submission.ts";
import { validateDialog } from "./validate-dialog.ts";

/** Of Slack's three seconds; the rest is for the way there and back. */
const ANSWER_WITHIN_MS = 2_300;
/** Before anything is stored: what follows needs its time too. */
const REFUSE_WITHIN_MS = 1_000;
/** One call of the Web API. A trigger id is of no use after three seconds. */
const CALL_WITHIN_MS = 2_500;
/** A name is a courtesy, and asked for once in a while. */
const NAME_WITHIN_MS = 600;
/** What was begun may end, when we are told to. */
const CLOSE_WITHIN_MS = 3_000;

type InteractionsOptions = Parameters<OpenInteractions>[0] & {
  /** Called when Slack says that channels or members have changed. */
  onChange?: () => void;
};

/** Opens the front; makes no call until somebody asks for something. */
export async function openInteractions(o: InteractionsOptions): Promise<DeskInteractions> {
  const config = slackConfig.parse(o.config);
  const { log } = o.deps;
  const [bolt, web] = await Promise.all([openBolt(config, log), openWebClient(config)]);
  const profileOf = profiles(web);
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>): void => {
    const settled = work.finally(() => underWay.delete(settled));
    underWay.add(settled);
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
    later: (what, work) =>
      track(
        work().catch((error: unknown) =>
          log.warn({ err: error, what }, "something at the desk was not brought up to date"),
        ),
      ),
    links: threadLinks(slack),
    isOurs: workspaceMembers(slack),
    named: async ({ id, name }) => {
      const known = await profileOf(userAddress(id), AbortSignal.timeout(NAME_WITHIN_MS));
      return { id, name: known?.name ?? name };
    },
    homes: new Map(),
    onChange: o.onChange ?? (() => {}),
  };
  listen(bolt.app, deps);

  async function interact(raw: RawInbound, stored: readonly StoredInbound[]): Promise<string | null> {
    const body = bodyOf(raw);
    if (body === null || !isInteraction(body)) return null;
    const { answered, done } = bolt.process(body, stored);
    track(done);
    // Slack wants nothing of events, so what they cause can be done before they count as heard.
    const answer = "event" in body ? done : Promise.race([answered, done.then(() => answered)]);
    const said = await Promise.race([answer, pause(ANSWER_WITHIN_MS, LATE, { ref: false })]);
    if (said !== LATE) return bodyFor(said);
    log.warn({ type: body["type"] ?? COMMAND }, "an answer at the desk took longer than slack waits");
    return bodyFor(lateAnswer(body));
  }

  return {
    interact: (raw, stored) =>
      interact(raw, stored).catch((error: unknown) => {
        log.error({ err: error }, "something at the desk could not be answered");
        return null;
      }),
    async refuse(raw) {
      const body = bodyOf(raw);
      if (body?.["type"] === "message_action") return refuseShortcut(deps, body);
      if (body?.["type"] !== "view_submission") return null;
      const asked = validateDialog(deps, body).catch((error: unknown) => {
        // The turn that handles it looks again, and says so.
        log.warn({ err: error }, "a dialog could not be compared with its case");
        return null;
      });
      const answer = bodyFor(await Promise.race([asked, pause(REFUSE_WITHIN_MS, null, { ref: false })]));
      return answer === null ? null : { reason: "refused", answer };
    },
    async close() {
      await Promise.race([Promise.allSettled(underWay), pause(CLOSE_WITHIN_MS, null, { ref: false })]);
      closing.abort(new Error("The desk was closed"));
      await Promise.allSettled(underWay);
    },
  };
}

const LATE = Symbol("late");

const bodyFor = (answer: unknown): string | null =>
  typeof answer === "object" && answer !== null ? JSON.stringify(answer) : null;

/** What Slack gets in place of an answer that is not there yet; null: the person sees what comes of it. */
function lateAnswer(body: Record<string, unknown>): object | null {
  if (body["command"] !== undefined) return ephemeral("This takes longer than usual. Look again in a moment.");
  const view = Submission.safeParse(body).data?.view;
  const block = view === undefined ? null : firstBlock(view);
  if (block === null) return null;
  return refusal(block, "This takes longer than usual. Hand it in again in a moment: it is not done twice.");
}
