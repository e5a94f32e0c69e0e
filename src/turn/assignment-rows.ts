import type { State } from "./core/state.ts";
import type { Written } from "./empty-write.ts";

/** Adds the assignments that began or ended with an event. */
export function addAssignment(write: Written, o: { before: State; after: State; at: Date }): void {
  const before = holderOf(o.before);
  const after = holderOf(o.after);
  if (before?.id === after?.id) return;
  if (before !== null) endAssignment(write, o.at);
  if (after === null) return;
  write.assigned.push({ operator: after.id, queue: o.after.case?.queue ?? "", from: o.at, until: null });
}

/** Ends the latest assignment: one that began in this turn, else the stored one. */
function endAssignment(write: Written, at: Date): void {
  const last = write.assigned.at(-1);
  if (last === undefined) write.letGoAt = at;
  else write.assigned[write.assigned.length - 1] = { ...last, until: at };
}

/** The current holder; a closed case keeps its last holder, who no longer counts. */
const holderOf = ({ case: known }: State) => (known?.held === true ? known.holder : null);
