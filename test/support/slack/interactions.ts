/** Sends presses, submitted dialogs, commands and shortcuts once, without retries (https://docs.slack.dev/interactivity). */
import type { KnownBlock } from "@slack/types";
import { clientRefusal, findElement, type PlacedElement, stateOf, stateValues } from "./elements.ts";
import { dispatch } from "./events.ts";
import { type PostResult, postTo } from "./request.ts";
import { mintResponseUrl, show } from "./response-url.ts";
import { signed } from "./signature.ts";
import { sendBySocket } from "./socket.ts";
import { afterSubmission } from "./submission.ts";
import type { Answered, Ephemeral, PressOptions, SlackMessage, StoredView } from "./types.ts";
import { mintTrigger, popModal } from "./views.ts";
import { type Channel, channelOf, dmOf, messageOf, nextTs, personOf, type World } from "./world.ts";

type Payload = Record<string, unknown>;

/** Sends an interaction as a signed form or an envelope; counts as pending until it is answered. */
export async function interact(world: World, payload: Payload): Promise<Answered> {
  const socket = {
    type: "interactive" as const,
    payload,
    accepts: payload["type"] !== "view_closed",
    attempt: 0,
    reason: null,
  };
  return send(world, { form: { payload: JSON.stringify(payload) }, socket });
}

interface Outgoing {
  form: Record<string, string>;
  socket: Parameters<typeof sendBySocket>[1];
}

async function send(world: World, { form, socket }: Outgoing): Promise<Answered> {
  world.busy++;
  const heard = world.requestUrl === null ? await sendBySocket(world, socket) : await sendForm(world, form);
  world.busy--;
  return { status: heard.status, body: heard.body };
}

function sendForm(world: World, form: Record<string, string>): Promise<PostResult> {
  const body = new URLSearchParams(form).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded", ...signed(world.ids.signingSecret, body) };
  return postTo({ url: world.requestUrl ?? "", body, headers, timeoutMs: world.options.ackMs });
}

/** Returns the fields of every interaction. */
function envelope(world: World, user: string, type: string) {
  const person = personOf(world, user);
  const name = person.name.toLowerCase().replace(/\s+/g, ".");
  const { teamId, appId } = world.ids;
  return {
    type,
    user: { id: user, username: name, name, team_id: person.teamId },
    team: { id: teamId, domain: "acme" },
    api_app_id: appId,
    token: "deprecated",
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: mintTrigger(world, user),
  };
}

/** Presses an element of a message, or of an ephemeral one of this person. */
export function click(
  world: World,
  o: PressOptions & { user: string; channel: string; ts: string; what: string },
): Promise<Answered> {
  const channel = channelOf(world, o.channel);
  if (channel.kind !== "public" && !channel.members.has(o.user)) throw new Error(`${o.user} can't see ${o.channel}`);
  const shown = (world.ephemerals.get(o.user) ?? []).find((one) => one.ts === o.ts);
  const message: SlackMessage | Ephemeral = shown ?? messageOf(channel, o.ts);
  const placed = findElement(message.blocks ?? [], o.what);
  const thread = message.thread_ts ? { thread_ts: message.thread_ts } : {};
  const container = {
    type: "message",
    message_ts: o.ts,
    channel_id: channel.id,
    is_ephemeral: shown !== undefined,
    ...thread,
  };
  const { metadata: _, ...visible } = message as SlackMessage;
  return interact(world, {
    ...envelope(world, o.user, "block_actions"),
    container,
    channel: { id: channel.id, name: channel.kind === "im" ? "directmessage" : channel.name },
    ...(shown ? {} : { message: visible }),
    state: { values: stateWith(message.blocks ?? [], placed, o) },
    response_url: mintResponseUrl(world, { user: o.user, channel, ts: o.ts }),
    actions: [action(world, placed, o)],
  });
}

function action(world: World, { blockId, element }: PlacedElement, { option }: PressOptions): Payload {
  if (element.type !== "button" && option === undefined)
    throw new Error(`Give the option of "${element.action_id}" to choose`);
  const text = element.text ? { text: element.text } : {};
  const stand = stateOf(element, option);
  return { action_id: element.action_id, block_id: blockId, ...text, ...stand, action_ts: nextTs(world) };
}

/** Returns the state of all elements at the press, including the pressed one. */
function stateWith(
  blocks: readonly KnownBlock[],
  { blockId, element }: PlacedElement,
  { option, values = {} }: PressOptions,
) {
  const state = stateValues(blocks, values);
  const own = state[blockId];
  if (own && element.type !== "button" && element.type !== "overflow") {
    own[element.action_id ?? ""] = stateOf(element, option);
  }
  return state;
}

/** Presses an element of an open modal or of Home. */
export function clickView(
  world: World,
  o: PressOptions & { user: string; what: string; view: StoredView | undefined },
): Promise<Answered> {
  if (!o.view) throw new Error(`${o.user} sees no such view`);
  const blocks = o.view.blocks as KnownBlock[];
  const placed = findElement(blocks, o.what);
  if (placed.block.type === "input" && placed.block.dispatch_action !== true) {
    throw new Error(`"${o.what}" is a field that is sent on submission only (no dispatch_action)`);
  }
  const state = { values: stateWith(blocks, placed, o) };
  return interact(world, {
    ...envelope(world, o.user, "block_actions"),
    container: { type: "view", view_id: o.view.id },
    view: { ...o.view, state },
    actions: [action(world, placed, o)],
  });
}

/** Submits a modal, and applies the answer to it. */
export async function submit(
  world: World,
  o: { user: string; values: Record<string, string>; view?: StoredView | undefined },
): Promise<Answered> {
  const view = o.view ?? (world.modals.get(o.user) ?? []).at(-1);
  if (!view || view.type !== "modal") throw new Error(`${o.user} has no modal open`);
  const blocks = view.blocks as KnownBlock[];
  const refused = view.submit ? clientRefusal(blocks, o.values) : "it has no submit button";
  if (refused) throw new Error(`Slack's client does not submit this: ${refused}`);
  const state = { values: stateValues(blocks, o.values) };
  const payload = { ...envelope(world, o.user, "view_submission"), view: { ...view, state }, response_urls: [] };
  const answered = await interact(world, payload);
  if (answered.status >= 200 && answered.status < 300)
    afterSubmission(world, { user: o.user, view, body: answered.body });
  return answered;
}

/** Closes the top modal; the app is notified only if it asked for it. */
export async function closeModal(world: World, user: string): Promise<void> {
  const view = (world.modals.get(user) ?? []).at(-1);
  if (!view || view.type !== "modal") throw new Error(`${user} has no modal open`);
  if (view.clear_on_close) world.modals.set(user, []);
  else popModal(world, user);
  if (!view.notify_on_close) return;
  await interact(world, { ...envelope(world, user, "view_closed"), view, is_cleared: view.clear_on_close === true });
}

/** Sends a slash command from a channel or the DM with the app; for members of the installing workspace only. */
export async function command(
  world: World,
  o: { user: string; text: string; command: string; channel: string | undefined },
): Promise<Answered> {
  const channel = o.channel === undefined ? dmOf(world, o.user) : channelOf(world, o.channel);
  requireMember(world, o.user);
  const { user, team, api_app_id: app, trigger_id } = envelope(world, o.user, "");
  const about = { team_id: team.id, team_domain: team.domain, user_id: o.user, user_name: user.name };
  const channel_name = channel.kind === "im" ? "directmessage" : channel.name;
  const place = { channel_id: channel.id, channel_name, api_app_id: app, is_enterprise_install: "false" };
  const url = mintResponseUrl(world, { user: o.user, channel, ts: undefined });
  const form = {
    token: "deprecated",
    ...place,
    ...about,
    command: o.command,
    text: o.text,
    response_url: url,
    trigger_id,
  };
  const socket = { type: "slash_commands" as const, payload: form, accepts: true, attempt: 0, reason: null };
  const answered = await send(world, { form, socket });
  await showAnswer(world, { user: o.user, channel, body: answered.body });
  return answered;
}

/** Shows the immediate answer to a command: JSON, or plain text. */
async function showAnswer(
  world: World,
  { user, channel, body }: { user: string; channel: Channel; body: string },
): Promise<void> {
  if (body.trim() === "") return;
  const said = body.startsWith("{") ? (JSON.parse(body) as Payload) : { text: body };
  if (Object.keys(said).length > 0) await show(world, { user, channel, ts: undefined }, said);
}

/** Sends a shortcut, global or of a message; for members of the installing workspace only. */
export function shortcut(
  world: World,
  o: { user: string; callbackId: string; channel?: string | undefined; ts?: string | undefined },
): Promise<Answered> {
  requireMember(world, o.user);
  if (o.channel === undefined || o.ts === undefined) {
    const payload = { ...envelope(world, o.user, "shortcut"), callback_id: o.callbackId, action_ts: nextTs(world) };
    return interact(world, payload);
  }
  const channel = channelOf(world, o.channel);
  const message = messageOf(channel, o.ts);
  return interact(world, {
    ...envelope(world, o.user, "message_action"),
    callback_id: o.callbackId,
    action_ts: nextTs(world),
    message_ts: o.ts,
    message,
    channel: { id: channel.id, name: channel.kind === "im" ? "directmessage" : channel.name },
    response_url: mintResponseUrl(world, { user: o.user, channel, ts: o.ts }),
  });
}

function requireMember(world: World, user: string): void {
  if (personOf(world, user).teamId === world.ids.teamId) return;
  throw new Error(`${user} is of another workspace: commands and shortcuts are for members of the installing one`);
}

/** Opens the app's Home tab as a person. */
export async function openHome(world: World, user: string): Promise<void> {
  const view = world.homes.get(user);
  const event = { type: "app_home_opened", user, channel: dmOf(world, user).id, tab: "home", event_ts: nextTs(world) };
  await dispatch(world, view ? { ...event, view } : event);
}
