/** Alarms of a conversation by what they wake, and the ids under which they are stored. */
export type AlarmName =
  /** Its idle workflow may start. */
  | { kind: "idle"; workflow: string }
  /** The time is over in which an operator can change a reply before it leaves. */
  | { kind: "undo"; ref: string }
  /** An alarm that a run set for itself, by the id that the run gave it. */
  | { kind: "run"; id: string };

/** The start of each kind's id. A run's ids begin with that of an event ("e812.0.3"), so none is taken for another. */
const PREFIX = { idle: "idle:", undo: "undo:", run: "" } as const satisfies Record<AlarmName["kind"], string>;

/** The id under which an alarm is stored; setting it again moves it. */
export function alarmId(name: AlarmName): string {
  switch (name.kind) {
    case "idle":
      return PREFIX.idle + name.workflow;
    case "undo":
      return PREFIX.undo + name.ref;
    case "run":
      return PREFIX.run + name.id;
  }
}

/** Reads an id back; what has no prefix is a run's own. */
export function alarmName(id: string): AlarmName {
  if (id.startsWith(PREFIX.idle)) return { kind: "idle", workflow: id.slice(PREFIX.idle.length) };
  if (id.startsWith(PREFIX.undo)) return { kind: "undo", ref: id.slice(PREFIX.undo.length) };
  return { kind: "run", id };
}
