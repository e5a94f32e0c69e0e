/** Common steps and lookups of tests with cases in Slack. */
import { randomBytes } from "node:crypto";
import type { SlackMessage } from "./slack/counterpart.ts";
import { type SlackDesk, soon } from "./slack-desk.ts";

export const OUR_NUMBER = "+15550100";

export const textOf = (message: unknown): string => JSON.stringify(message) ?? "";

export interface Scene {
  conversation: number;
  /** Slack channel of its card. */
  channel: string;
  thread: string;
}

/** Creates a case of a customer on SMS, shown in a queue's Slack channel. */
export async function caseOf(
  at: SlackDesk,
  from: string,
  { body = "My lamp is broken", channel = at.support }: { body?: string; channel?: string } = {},
): Promise<Scene> {
  await at.desk.twilio.text({ from, to: OUR_NUMBER, body });
  const { ts: thread } = await soon(`a card for ${from}`, () =>
    at.cases(channel).find((one) => textOf(one).includes(from)),
  );
  return { conversation: await conversationOf(at, from), channel, thread };
}

/** The same, held by an operator. */
export async function claimedCase(at: SlackDesk, operator: string, from: string): Promise<Scene> {
  const scene = await caseOf(at, from);
  await at.slack.click(operator, scene.channel, scene.thread, "Claim");
  await waitForHolder(at, scene, operator);
  return scene;
}

export async function waitForHolder(at: SlackDesk, { conversation }: Scene, operator: string | null): Promise<void> {
  await at.desk.until(`select holder is not distinct from $2 as ok from "case" where conversation = $1`, {
    values: [conversation, operator],
  });
}

async function conversationOf(at: SlackDesk, from: string): Promise<number> {
  const text = "select id from conversation where channel = 'sms' and thread = $1 order by id desc limit 1";
  const [row] = await at.desk.rows<{ id: number }>(text, [`${OUR_NUMBER}:${from}`]);
  if (row === undefined) throw new Error(`${from} has no conversation`);
  return row.id;
}

/** Returns the posts in a case's thread, under its card. */
export const inThread = ({ slack }: SlackDesk, { channel, thread }: Scene): SlackMessage[] =>
  slack.messages(channel, { thread }).filter(({ ts }) => ts !== thread);

export const cardOf = ({ slack }: SlackDesk, { channel, thread }: Scene): SlackMessage | undefined =>
  slack.messages(channel).find(({ ts }) => ts === thread);

/** Opens a dialog about a case: by a button of its card, or an option of "More…". */
export async function openModal(
  at: SlackDesk,
  who: string,
  { scene: { channel, thread }, option }: { scene: Scene; option: string },
): Promise<void> {
  const before = at.slack.modals(who).length;
  await at.slack.click(who, channel, thread, "More…", { option });
  await soon(`the dialog “${option}”`, () => (at.slack.modals(who).length > before ? true : undefined));
}

/** Returns the errors logged so far. */
export const errorsOf = ({ desk }: SlackDesk): string[] =>
  desk.logged.filter(({ level }) => Number(level) >= 50).map(textOf);

type Act =
  | { kind: "claim" | "unclaim" | "take_over" | "resolve" }
  | { kind: "transfer"; queue: string }
  | { kind: "merge"; into: number };

/** Sends an operator's press or dialog directly, whatever the card shows meanwhile. */
export async function sendAct(at: SlackDesk, operator: string, conversation: number, act: Act): Promise<void> {
  const { slack } = at;
  const user = { id: operator, username: operator, team_id: slack.teamId };
  if (act.kind !== "transfer" && act.kind !== "merge") {
    const button = { type: "button", action_id: `desk:${act.kind}`, block_id: "b", action_ts: `${Date.now() / 1_000}` };
    const container = { type: "message", channel_id: at.support, message_ts: "1700000000.000100", is_ephemeral: true };
    const actions = [{ ...button, value: JSON.stringify({ c: conversation }) }];
    await slack.interact({ type: "block_actions", user, channel: { id: at.support }, container, actions });
    return;
  }
  const [seen] = await at.desk.rows('select holder, queue from "case" where conversation = $1', [conversation]);
  const id = `V${randomBytes(5).toString("hex").toUpperCase()}`;
  // Confirms merges of two people's cases.
  const handed =
    act.kind === "transfer"
      ? { callback_id: "desk:transfer", values: { queue: { value: { selected_option: { value: act.queue } } } } }
      : { callback_id: "desk:merge_two", values: {}, into: act.into };
  const { callback_id, values, ...chosen } = handed;
  const private_metadata = JSON.stringify({ c: conversation, seen, ...chosen });
  const view = { id, hash: id, callback_id, private_metadata, state: { values } };
  await slack.interact({ type: "view_submission", user, view });
}
