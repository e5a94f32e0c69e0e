/** Label value for everything without a series of its own. */
const OTHER = "other";

/**
 * Reasons for ignoring an inbound item that have a series of their own: those of our adapters, of inbound and of the store.
 * Reasons of other adapters are counted under `other`; their rows in `raw_inbound` have the full reason.
 */
const IGNORED_REASONS: ReadonlySet<string> = new Set([
  "app_rate_limited",
  "bad_action",
  "bad_choice",
  "bad_desk_value",
  "bad_message_sid",
  "bad_recipient",
  "bad_sender",
  "bad_view",
  "desk_front",
  "desk_place",
  "empty",
  "message_replied",
  "no_actions",
  "no_author",
  "not_a_message",
  "not_a_move",
  "not_a_playground_body",
  "not_addressed",
  "not_at_the_desk",
  "not_in_place",
  "not_an_edit",
  "not_json",
  "not_slack",
  "not_the_desk",
  "other_bot",
  "other_channel",
  "own_echo",
  "reaction",
  "refused",
  "retired",
  "ssl_check",
  "system",
  "too_large",
  "unclear",
  "unknown_action",
  "unknown_conversation",
  "unknown_event",
  "unknown_interaction",
  "unknown_message",
  "unknown_status",
  "unknown_subtype",
  "unknown_type",
  "unreadable",
  "url_verification",
]);

/** Returns the reason's label, without its detail ("unknown_subtype:hologram"). */
export function reasonLabel(reason: string): string {
  const [kind = ""] = reason.split(":");
  return IGNORED_REASONS.has(kind) ? kind : OTHER;
}

/** Channels with series of their own; far above any known desk, far below what hurts Prometheus. */
const MAX_CHANNELS = 100;

/** Returns a function that labels channels: the first hundred by name, later ones as `other`. */
export const channelLabels = (): ((channel: string) => string) => firstNames(MAX_CHANNELS);

/** Models with series of their own; an installation has a handful. */
const MAX_MODELS = 30;

/** Returns a function that labels models in the same way. */
export const modelLabels = (): ((model: string) => string) => firstNames(MAX_MODELS);

function firstNames(max: number): (name: string) => string {
  const seen = new Set<string>();
  return (name) => {
    if (seen.has(name)) return name;
    if (seen.size >= max) return OTHER;
    seen.add(name);
    return name;
  };
}
