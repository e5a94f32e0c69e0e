/** The facts that all of Slack's interactions have in common: the person, the place and the trigger. */
import { z } from "zod";
import type { RawInbound, StoredInbound } from "../../../../src/adapter/inbound.ts";
import type { Operator } from "../../../../src/domain/case.ts";
import { actorOf, Interaction } from "../../inbound/interaction-body.ts";
import { jsonOf, maybe, maybeText } from "../../inbound/json.ts";

/** Surface on which an answer can be shown. */
export type Surface =
  | { kind: "message"; channel: string; thread: string | null }
  | { kind: "home" }
  | { kind: "modal" }
  | { kind: "elsewhere" };

export interface RequestContext {
  operator: Operator;
  /** They belong to another workspace, so they may not use the desk. */
  external: boolean;
  /** Opens one dialog, within three seconds; null: none can be opened. */
  trigger: string | null;
  /** Idempotency key of the request: its effects happen once. */
  key: string;
  at: Surface;
}

/** An interaction from Bolt, with the results of storing it. */
export interface Request {
  context: RequestContext;
  body: unknown;
  stored: readonly StoredInbound[];
}

/** Fields that the interactions need beside those that `parse` reads. */
const InteractionFields = z.object({
  trigger_id: maybeText,
  view: maybe(z.object({ id: z.string(), type: maybeText, hash: maybeText })),
  actions: maybe(z.array(z.object({ action_ts: maybeText }))),
});

const Command = z.object({
  command: z.string(),
  user_id: z.string().min(1),
  user_name: maybeText,
  channel_id: maybeText,
  trigger_id: z.string().min(1),
});

/** Decodes the body of a request: JSON of an event or a payload, or the form of an interaction or a command. */
export function bodyOf({ body, contentType }: RawInbound): Record<string, unknown> | null {
  const read = /^application\/x-www-form-urlencoded\b/i.test(contentType) ? formOf(body) : jsonOf(body);
  return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
}

function formOf(body: Uint8Array): unknown {
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : jsonOf(payload);
}

/** Reads the context of a body; null if it names no person. */
export function contextOf(body: unknown): RequestContext | null {
  const command = Command.safeParse(body);
  if (command.success) {
    const { user_id: id, user_name: name, trigger_id: trigger } = command.data;
    // Slack gives commands to members of the installing workspace only (docs.slack.dev, "slack connect").
    return { operator: { id, name: name ?? id }, external: false, trigger, key: trigger, at: { kind: "elsewhere" } };
  }
  const interaction = Interaction.safeParse(body).data;
  const actor = interaction === undefined ? null : actorOf(interaction);
  if (interaction === undefined || actor === null) return null;
  const { trigger_id: trigger, view, actions } = InteractionFields.parse(body);
  return {
    operator: { id: actor.id, name: actor.name ?? actor.id },
    external: actor.external,
    trigger: trigger ?? null,
    key: trigger ?? `${actor.id}:${view?.id ?? ""}:${view?.hash ?? ""}:${actions?.[0]?.action_ts ?? ""}`,
    at: view === undefined ? surfaceOf(interaction) : { kind: view.type === "home" ? "home" : "modal" },
  };
}

function surfaceOf({ container, channel, message }: Interaction): Surface {
  const where = container?.channel_id ?? channel?.id;
  if (where === undefined) return { kind: "elsewhere" };
  // A card is the root of its thread: somebody who presses its buttons need not have the thread open.
  return { kind: "message", channel: where, thread: container?.thread_ts ?? message?.thread_ts ?? null };
}
