/** Modals and Home tabs: a stack per person, and the trigger ids that open them. */
import { randomBytes } from "node:crypto";
import { checkView } from "./blocks.ts";
import type { StoredView } from "./types.ts";
import { withIds } from "./web-api/block-ids.ts";
import { malformed, Refusal } from "./web-api/refusal.ts";
import { nextId, type World } from "./world.ts";

/** The most stacked modals. */
const MAX_STACK = 3;
const MAX_VIEW_BYTES = 250 * 1024;

/** Creates a trigger id for this person: single use, three seconds. */
export function mintTrigger(world: World, user: string): string {
  const id = `${Date.now()}.${randomBytes(4).toString("hex")}.${randomBytes(8).toString("hex")}`;
  world.triggers.set(id, { user, until: Date.now() + world.options.triggerMs, used: false });
  return id;
}

/** Uses up a trigger; returns its person. */
export function takeTrigger(world: World, id: string): string {
  const trigger = world.triggers.get(id);
  if (!trigger) throw new Refusal("invalid_trigger_id");
  if (trigger.used) throw new Refusal("exchanged_trigger_id");
  if (Date.now() > trigger.until) throw new Refusal("expired_trigger_id");
  trigger.used = true;
  return trigger.user;
}

/** Checks a view and adds Slack's fields. */
export function newView(world: World, method: string, view: unknown): StoredView {
  checkGivenView(world, method, view);
  const given = view as StoredView;
  const id = nextId(world, "V");
  const { teamId, appId, botId } = world.ids;
  const owner = { team_id: teamId, app_id: appId, bot_id: botId, app_installed_team_id: teamId };
  const usual = { private_metadata: "", callback_id: "", external_id: "", close: null, submit: null };
  const place = { root_view_id: id, previous_view_id: null };
  const state = { values: initialValues(given) };
  return {
    ...usual,
    ...given,
    id,
    blocks: withIds(given.blocks as never),
    hash: nextHash(),
    ...place,
    ...owner,
    state,
  } as StoredView;
}

export const nextHash = (): string => `${Math.floor(Date.now() / 1000)}.${randomBytes(6).toString("hex")}`;

/** Refuses like Slack, and records the violation. */
function checkGivenView(world: World, method: string, view: unknown): void {
  const wrong = checkView(view);
  const bytes = Buffer.byteLength(JSON.stringify(view ?? null));
  if (wrong.length === 0 && bytes <= MAX_VIEW_BYTES) return;
  world.violations.push(`${method}: ${wrong.join("; ") || "view_too_large"}`);
  if (wrong.length === 0) throw new Refusal("view_too_large");
  throw malformed("invalid_arguments", wrong);
}

const initialValues = (_view: StoredView): Record<string, Record<string, unknown>> => ({});

/** Opens the first modal of a stack. */
export function openModal(world: World, user: string, view: StoredView): StoredView {
  world.modals.set(user, [view]);
  return view;
}

/** Pushes a modal onto the stack. */
export function pushModal(world: World, user: string, view: StoredView): StoredView {
  const stack = world.modals.get(user) ?? [];
  const [root] = stack;
  const below = stack.at(-1);
  if (stack.length >= MAX_STACK) throw new Refusal("push_limit_reached");
  if (root && below) Object.assign(view, { root_view_id: root.id, previous_view_id: below.id });
  world.modals.set(user, [...stack, view]);
  return view;
}

/** Replaces the content of an open view, which keeps its id; typed values stay if block and action stay. */
export function replaceView(old: StoredView, view: StoredView): StoredView {
  const { id, root_view_id, previous_view_id, state } = old;
  const keys = Object.keys(old) as (keyof StoredView)[];
  for (const key of keys) delete old[key];
  return Object.assign(old, view, { id, root_view_id, previous_view_id, state });
}

/** Closes the top modal. */
export function popModal(world: World, user: string): void {
  world.modals.set(user, (world.modals.get(user) ?? []).slice(0, -1));
}
