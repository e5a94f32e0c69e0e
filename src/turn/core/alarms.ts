/** The kinds of alarms that a conversation sets, and the ids under which they are stored. */
export type AlarmName =
  /** Starts an idle workflow, if the customer has been silent for long enough. */
  | { kind: "idle"; workflow: string }
  /** Ends the time in which an operator can change a reply before it leaves. */
  | { kind: "undo"; ref: string }
  /** The customer has been silent for so long that the conversation is closed. */
  | { kind: "silence" }
  /** The conversation is open, and nothing would ever happen in it: people get it (U4). */
  | { kind: "stranded" }
  /** Wakes the run that set it, under the run's own id. */
  | { kind: "run"; id: string };

/** Prefix of each kind's ids. A run's ids begin with an event's ("e812.0.3"), so the kinds never collide. */
const PREFIX = {
  idle: "idle:",
  undo: "undo:",
  silence: "silence",
  stranded: "stranded",
  run: "",
} as const satisfies Record<AlarmName["kind"], string>;

/** Encodes the id under which an alarm is stored; setting it again moves it. */
export function alarmId(name: AlarmName): string {
  switch (name.kind) {
    case "idle":
      return PREFIX.idle + name.workflow;
    case "undo":
      return PREFIX.undo + name.ref;
    case "silence":
    case "stranded":
      return PREFIX[name.kind];
    case "run":
      return PREFIX.run + name.id;
  }
}

/** Parses a stored id; one without a prefix is a run's own. */
export function alarmName(id: string): AlarmName {
  if (id.startsWith(PREFIX.idle)) return { kind: "idle", workflow: id.slice(PREFIX.idle.length) };
  if (id.startsWith(PREFIX.undo)) return { kind: "undo", ref: id.slice(PREFIX.undo.length) };
  if (id === PREFIX.silence || id === PREFIX.stranded) return { kind: id };
  return { kind: "run", id };
}
