import type { TurnWrite } from "../store/commit-turns.ts";

/** A turn's rows, while its events are folded. */
export type Written = {
  -readonly [Key in keyof TurnWrite]: TurnWrite[Key] extends readonly (infer Row)[] ? Row[] : TurnWrite[Key];
};

/** Returns the rows of a turn before its first event. `release`: the one that is live. */
export function emptyWrite({ id, version }: Pick<TurnWrite, "id" | "version">, release: number): Written {
  return {
    id,
    version,
    state: null,
    epoch: 0,
    closedAt: null,
    release,
    setting: null,
    handled: [],
    runs: [],
    endedRuns: [],
    calledOff: [],
    mergedInto: null,
    reopened: false,
    messages: [],
    outbox: [],
    asks: [],
    alarms: [],
    cancelled: [],
    card: null,
    letGoAt: null,
    assigned: [],
    audits: [],
    relays: [],
    cutOff: null,
    amended: [],
  };
}
