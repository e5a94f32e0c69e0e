/** In every reachable state: no message is left unread, and every open conversation has a next answerer (U1, U4, E4). */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { nextAnswerer } from "../../../src/domain/waiting.ts";
import type { State } from "../../../src/turn/core/state.ts";
import { amendments, arrivals, doubts, optOuts, playRecipes, recipe, WRITING_CATALOG } from "../histories.ts";

const recipes = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: recipe },
    { weight: 2, arbitrary: doubts },
    { weight: 2, arbitrary: arrivals },
    { weight: 1, arbitrary: amendments },
    { weight: 1, arbitrary: optOuts },
  ),
  { minLength: 1, maxLength: 40 },
);
const RUNS = { numRuns: 100 };

type Played = ReturnType<typeof playRecipes>;
type Line = { code: string; message: string };

/** The journal's words where a listed message was taken back. */
const STRUCK = "The customer took back a message before it was read";

/** Every turn of the played events, with the state after it. */
const turnsOf = ({ life, events }: Played) =>
  life.writes.map((write, at) => ({
    event: events[at],
    write,
    state: life.states[at] as State,
    asks: life.openAsks[at] ?? [],
    codes: write.handled.flatMap(({ lines }) => (lines as readonly Line[]).map(({ code }) => code)),
    struck: write.handled.flatMap(({ lines }) =>
      (lines as readonly Line[]).filter(({ message }) => message === STRUCK),
    ),
  }));

it("a message that a run did not wait for stays listed until a workflow or a person takes it", () => {
  fc.assert(
    fc.property(recipes, (told) => {
      let listed = 0;
      for (const { state, codes, struck } of turnsOf(playRecipes(told, WRITING_CATALOG))) {
        const kept = codes.filter((code) => code === "message.kept").length;
        const taken = codes.includes("message.taken") || state.case?.held === true;
        // The bot goes on with what was listed when its work was suspended.
        const resumed = codes.includes("case.resumed");
        // Messages of random histories may share their number, so one deletion can strike several.
        if (!taken && !resumed && struck.length === 0) expect(state.unread.length).toBe(listed + kept);
        listed = state.unread.length;
        // People have the whole transcript; a closed conversation was closed by somebody who had read it.
        if (state.case?.held === true || state.phase === "closed") expect(state.unread).toEqual([]);
      }
    }),
    RUNS,
  );
});

it("every open conversation has a next answerer", () => {
  fc.assert(
    fc.property(recipes, (told) => {
      const played = playRecipes(told, WRITING_CATALOG);
      const alarms = new Set<string>();
      for (const { state, write, event, asks } of turnsOf(played)) {
        if (event?.kind === "alarm") alarms.delete((event.payload as { alarm: string }).alarm);
        for (const id of write.cancelled) alarms.delete(id);
        for (const { id } of write.alarms) alarms.add(id);
        if (state.phase !== "open") continue;
        const [alarm] = alarms;
        const next = nextAnswerer({
          held: state.case?.held === true ? { queue: state.case.queue, holder: null, since: "" } : null,
          eventSince: null,
          ask: asks.length === 0 ? null : { of: "call:crm", since: "" },
          part: null,
          alarm: alarm === undefined ? null : { id: alarm, dueAt: "" },
          prompt: state.prompt !== null,
          runs: state.runs.length + state.waiting.length + state.unread.length,
          quietSince: "",
        });
        expect(next.kind).not.toBe("nobody");
      }
    }),
    RUNS,
  );
});

it("the outcome of every write goes to the run that asked, or to people", () => {
  fc.assert(
    fc.property(recipes, (told) => {
      const played = playRecipes(told, WRITING_CATALOG);
      const writes = new Set<string>();
      for (const { state, write, asks } of turnsOf(played)) {
        for (const { id, request } of write.asks)
          if ((request as { operation?: string }).operation === "refund") writes.add(id);
        const waited = [...state.runs, ...(state.case?.suspended?.runs ?? [])].flatMap(({ waits }) =>
          waits.flatMap((wait) => (wait.kind === "answer" ? [wait.ask] : [])),
        );
        const told = new Set([...waited, ...state.calledOff.map(({ ask }) => ask)]);
        for (const id of asks) if (writes.has(id)) expect(told.has(id)).toBe(true);
      }
    }),
    RUNS,
  );
});
