import { z } from "zod";
import type { Inbound, RawInbound } from "../../../src/adapter/inbound.ts";
import type { SlackConfig } from "../config.ts";
import { ignored } from "./delivery.ts";
import { Envelope } from "./event-body.ts";
import { Interaction } from "./interaction-body.ts";
import { jsonOf } from "./json.ts";
import { parseEvent } from "./parse-event.ts";
import { parseInteraction } from "./parse-interaction.ts";
import { MAX_BODY_BYTES } from "./verify.ts";

const OPENING_BRACE = 0x7b;
const SPACE = 0x20;
/** Outer types of the Events API; every other is an interaction. */
const EVENT_TYPES: ReadonlySet<string> = new Set(["event_callback", "url_verification", "app_rate_limited"]);
/** A slash command comes as a form, or as this object over Socket Mode; the desk's interactions answer it. */
const Command = z.object({ command: z.string().startsWith("/"), trigger_id: z.string().optional().catch(undefined) });
const Typed = z.object({ type: z.string() });

/**
 * Parses every body that Slack posts: events as JSON, interactions as a form with JSON in `payload`, slash commands as a
 * form; over Socket Mode the same objects, all as JSON. Total over any bytes.
 */
export function parse(raw: RawInbound, config: SlackConfig): Inbound[] {
  if (raw.body.byteLength > MAX_BODY_BYTES) return [ignored("too_large")];
  const isJson = raw.body.find((byte) => byte > SPACE) === OPENING_BRACE;
  const form = isJson ? null : new URLSearchParams(new TextDecoder().decode(raw.body));
  if (form?.has("ssl_check")) return [ignored("ssl_check")];
  const payload = form?.get("payload");
  const body = form === null ? jsonOf(raw.body) : payload == null ? Object.fromEntries(form) : jsonOf(payload);
  if (body === undefined) return [ignored("not_json")];
  const command = Command.safeParse(body).data;
  const type = Typed.safeParse(body).data?.type;
  if (command !== undefined && type === undefined) return [ignored("desk_front", { id: command.trigger_id })];
  if (type === undefined) return [ignored("not_slack")];
  if (EVENT_TYPES.has(type)) return event(body, config);
  const interaction = Interaction.safeParse(body).data;
  return interaction === undefined ? [ignored("unreadable")] : parseInteraction(interaction, config);
}

function event(body: unknown, config: SlackConfig): Inbound[] {
  const envelope = Envelope.safeParse(body).data;
  return envelope === undefined ? [ignored("unreadable")] : parseEvent(envelope, config);
}
