/** What a played line has brought about, as assertions and transcripts see it. */
import type { Contact } from "../domain/contact.ts";
import type { Procedure } from "../procedure/definition.ts";
import type { Event } from "../turn/core/event.ts";
import { isForCustomer, type JournalLine, type TransitionOutcome } from "../turn/core/outcome.ts";
import type { State } from "../turn/core/state.ts";

export type Happened =
  | { kind: "customer"; text: string }
  | { kind: "said"; by: "bot" | "operator"; text: string }
  | { kind: "asked"; field: string }
  | { kind: "called"; operation: string; input: unknown; contact: Readonly<Record<string, string>> }
  | { kind: "answered"; by: string; words: string }
  | { kind: "refused"; rule: string; message: string }
  /** The id of a procedure's step. */
  | { kind: "step"; step: string }
  | { kind: "ended"; procedure: string; outcome: string }
  /** `turn`: number of the customer's lines so far. */
  | { kind: "handoff"; queue: string; turn: number }
  | { kind: "line"; code: string; message: string };

/** The conversation after all that happened. */
export interface Standing {
  /** What procedures know or knew last, by field. */
  fields: Readonly<Record<string, unknown>>;
  tags: readonly string[];
  closed: boolean;
  /** Number of the customer's lines. */
  turns: number;
  contact: Contact;
  /** Guards that were broken, in words. */
  broken: readonly string[];
}

interface Transition {
  before: State;
  event: Event;
  outcome: TransitionOutcome;
  /** Number of the customer's lines so far. */
  turn: number;
  procedures: readonly Procedure[];
}

/** What one transition brought about, in order. */
export function happenedIn({ before, event, outcome, turn, procedures }: Transition): Happened[] {
  const { state, tells, asks, lines } = outcome;
  return [
    ...customersWords(event),
    ...lines.flatMap((line) => fromLine(line, procedures)),
    ...tells.flatMap((tell): Happened[] =>
      isForCustomer(tell) ? [{ kind: "said", by: tell.author, text: tell.text }] : [],
    ),
    ...askedField(state, event),
    ...asks.flatMap(({ request }): Happened[] =>
      request.kind === "call"
        ? [
            {
              kind: "called",
              operation: `${request.connector}.${request.operation}`,
              input: request.input,
              contact: request.identity ?? {},
            },
          ]
        : [],
    ),
    ...handedOff(before, { state, turn }),
  ];
}

function customersWords(event: Event): Happened[] {
  return event.kind === "message" || event.kind === "choice" ? [{ kind: "customer", text: event.text }] : [];
}

/** Guards that stop nothing for good, so that they are no refusals. */
const NO_REFUSALS: readonly string[] = ["stale"];

function fromLine({ code, message }: JournalLine, procedures: readonly Procedure[]): Happened[] {
  const line = { kind: "line", code, message } as const;
  if (code.startsWith("guard.") && !NO_REFUSALS.includes(code.slice("guard.".length)))
    return [line, { kind: "refused", rule: code.slice("guard.".length), message }];
  const [, procedure = "", outcome] = code === "procedure.ended" ? (/^“(.*)” ended: (.+)$/su.exec(message) ?? []) : [];
  if (outcome !== undefined) return [line, { kind: "ended", procedure, outcome }];
  if (code === "procedure.step") {
    const found = procedures.flatMap(({ steps }) => steps).find(({ title }) => message.endsWith(`“${title}”`));
    return found === undefined ? [line] : [line, { kind: "step", step: found.id }];
  }
  return code === "procedure.none" ? [line, { kind: "ended", procedure: "", outcome: "none" }] : [line];
}

/** The field whose question was put in this transition. */
function askedField({ prompt, runs }: State, event: Event): Happened[] {
  if (prompt?.shown.event !== event.id) return [];
  const pending = runs.find(({ id }) => id === prompt.run)?.procedure?.pending;
  return pending?.kind === "field" ? [{ kind: "asked", field: pending.field }] : [];
}

function handedOff(before: State, { state, turn }: { state: State; turn: number }): Happened[] {
  const { case: now } = state;
  if (now === null || !now.held || (before.case?.held === true && before.case.queue === now.queue)) return [];
  return [{ kind: "handoff", queue: now.queue, turn }];
}

/** Fields as they are known after a transition: from the runs, and from the journal where the run is over. */
export function fieldsAfter(known: Standing["fields"], { state, lines }: TransitionOutcome): Standing["fields"] {
  const told = lines.flatMap(({ code, message }) => {
    const [, name = "", shown = ""] = /^(?:field\.set|field\.corrected)$/.test(code)
      ? (/^(\S+) is (.*)$/su.exec(message) ?? [])
      : [];
    return name === "" ? [] : [[name, valueShown(shown)] as const];
  });
  const held = state.runs.flatMap(({ procedure }) =>
    (procedure?.stack ?? []).flatMap(({ fields }) =>
      Object.entries(fields).map(([name, { value }]) => [name, value] as const),
    ),
  );
  return { ...known, ...Object.fromEntries(told), ...Object.fromEntries(held) };
}

/** The value that a line of the journal shows, before its evidence; a cut one stays a text. */
function valueShown(shown: string): unknown {
  const text = shown.split(", from “")[0] ?? "";
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
