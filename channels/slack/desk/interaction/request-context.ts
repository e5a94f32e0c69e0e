/** Who asked for something at the desk, where, and until when: what all interactions of Slack's have in common. */
import { z } from "zod";
import type { RawInbound, StoredInbound } from "../../../../src/adapter/inbound.ts";
import type { Operator } from "../../../../src/domain/case.ts";
import { actorOf, Interaction } from "../../inbound/interaction-body.ts";
import { jsonOf, maybe, maybeText } from "../../inbound/json.ts";

/** Where an answer can be shown. */
export type Surface =
  | { kind: "message"; channel: string; thread: string | null }
  | { kind: "home" }
  | { kind: "modal" }
  | { kind: "elsewhere" };

export interface RequestContext {
  operator: Operator;
  /** Of another workspace: whatever is pressed, the desk is not theirs. */
  external: boolean;
  /** Opens one dialog, within three seconds; null: none can be opened. */
  trigger: string | null;
  /** Names this asking: whatever comes of it is done once. */
  key: string;
  at: Surface;
}

/** An interaction as Bolt hands it on, with what became of it when it was stored. */
export interface Request {
  asked: RequestContext;
  body: unknown;
  stored: readonly StoredInbound[];
}

/** What the front needs beside what `parse` reads. */
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

/** The body of a request: an event or a payload that came as JSON, an interaction in a form, or a command's form. */
export function bodyOf({ body, contentType }: RawInbound): Record<string, unknown> | null {
  const read = /^application\/x-www-form-urlencoded\b/i.test(contentType) ? formOf(body) : jsonOf(body);
  return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
}

function formOf(body: Uint8Array): unknown {
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const payload = form.get("payload");
  return payload === null ? Object.fromEntries(form) : jsonOf(payload);
}

/** null where nobody is named: nothing that a person did. */
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
    at: view === undefined ? placeOf(interaction) : { kind: view.type === "home" ? "home" : "modal" },
  };
}

function placeOf({ container, channel, message }: Interaction): Surface {
  const where = container?.channel_id ?? channel?.id;
  if (where === undefined) return { kind: "elsewhere" };
  // A card is the head of its thread: whoever presses there need not have the thread open.
  return { kind: "message", channel: where, thread: container?.thread_ts ?? message?.thread_ts ?? null };
}
