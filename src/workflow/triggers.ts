/** Every trigger of the format: its keys, how they are read, and whether its workflows hold the dialogue. */
import type { Expression } from "../language/expression.ts";
import { type Entry, type Fields, fault, readDuration } from "../language/yaml-entry.ts";
import { readExpression } from "../language/yaml-language.ts";
import type { Ground, Trigger, TriggerName, TriggerOf } from "./definition.ts";
import { KNOWN_VALUES } from "./known-values.ts";

export interface TriggerDefinition<Name extends TriggerName> {
  /** A workflow in the foreground holds the dialogue; one in the background runs beside it. */
  readonly ground: Ground;
  /** YAML keys that may stand under the trigger's name. */
  readonly keys: readonly string[];
  /** Reads the trigger from `fields`, which hold its own keys only. Reports its faults at `entry` and returns null. */
  read(fields: Fields, entry: Entry): TriggerOf<Name> | null;
  /** The trigger's own condition; left out by triggers that have none. */
  condition?(trigger: TriggerOf<Name>): Expression | null;
}

export const TRIGGERS: { readonly [Name in TriggerName]: TriggerDefinition<Name> } = {
  "conversation.opened": { ground: "foreground", keys: [], read: () => ({ on: "conversation.opened" }) },
  "conversation.reopened": { ground: "foreground", keys: [], read: () => ({ on: "conversation.reopened" }) },
  "conversation.idle": { ground: "background", keys: ["for"], read: readIdle },
  "conversation.handed_back": { ground: "background", keys: [], read: () => ({ on: "conversation.handed_back" }) },
  "conversation.closed": { ground: "background", keys: [], read: () => ({ on: "conversation.closed" }) },
  "message.received": {
    ground: "foreground",
    keys: ["matches"],
    read: readMessage,
    condition: ({ matches }) => matches,
  },
  "option.chosen": { ground: "foreground", keys: [], read: () => ({ on: "option.chosen" }) },
  "procedure.ended": { ground: "background", keys: [], read: () => ({ on: "procedure.ended" }) },
  manual: { ground: "background", keys: [], read: () => ({ on: "manual" }) },
};

export const TRIGGER_NAMES = Object.keys(TRIGGERS) as readonly TriggerName[];

/** Keys of all triggers, each once. */
export const TRIGGER_KEYS: readonly string[] = [...new Set(TRIGGER_NAMES.flatMap((name) => TRIGGERS[name].keys))];

/** Triggers that this version refuses by name. */
export const LATER_TRIGGERS = [
  "attachment.received",
  "operator.idle",
  "conversation.assigned",
  "conversation.handed_off",
  "conversation.snoozed",
  "conversation.woken",
  "tag.added",
  "priority.changed",
  "attribute.changed",
  "sla.warning",
  "sla.breached",
  "csat.received",
  "webhook",
  "schedule",
  "form.submitted",
  "database",
  "threshold",
] as const;

/** The definition of a trigger, typed for its name. */
export function triggerDefinition<Name extends TriggerName>(on: Name): TriggerDefinition<Name> {
  return TRIGGERS[on];
}

/** The trigger's own condition (`matches:`); null: none. */
export function conditionOf(trigger: Trigger): Expression | null {
  return triggerDefinition(trigger.on).condition?.(trigger) ?? null;
}

function readIdle(fields: Fields, entry: Entry): TriggerOf<"conversation.idle"> | null {
  const wait = fields.get("for");
  if (wait === undefined)
    return fault(entry, "006", "conversation.idle needs for:, as in conversation.idle: { for: 24h }");
  const forMs = readDuration(wait);
  return forMs === null ? null : { on: "conversation.idle", forMs };
}

function readMessage(fields: Fields): TriggerOf<"message.received"> {
  const matches = fields.get("matches");
  return {
    on: "message.received",
    matches: matches === undefined ? null : readExpression(matches, KNOWN_VALUES, "bool"),
  };
}
