/** Reads the front matter of a scenario. */
import type { Contact } from "../domain/contact.ts";
import { didYouMean } from "../language/suggest.ts";
import {
  type Entry,
  type Fields,
  fault,
  plainValue,
  quoted,
  readBoolean,
  readFields,
  readListOrOne,
  readMap,
  readName,
  readText,
} from "../language/yaml-entry.ts";
import { readStubs } from "./answers.ts";
import type { ScenarioWorld } from "./names.ts";
import type { Scenario } from "./scenario.ts";

export type ScenarioHead = Omit<Scenario, "file" | "lines" | "mustHold">;

const KEYS = {
  what: "a scenario",
  known: ["id", "procedure", "workflow", "tags", "channel", "contact", "connectors", "clock"],
  later: ["limits", "runs", "gate", "persona"],
  required: ["id"],
};
const CONTACT_KEYS = {
  what: "contact:",
  known: ["name", "email", "phone", "language", "verified", "attributes"],
};

/** A Monday morning. */
const DEFAULT_CLOCK = "2026-01-05T09:00:00.000Z";
/** Number of the customer in every scenario. */
const CONTACT_ID = 1;

/** Reads the keys. `world`: null where the folder has faults, so that no name is checked. */
export function readHead(entry: Entry, world: ScenarioWorld | null): ScenarioHead | null {
  const keys = readFields(entry, KEYS);
  if (keys === null) return null;
  const read = <Value>(key: string, how: (field: Entry) => Value | null): Value | null => {
    const field = keys.get(key);
    return field === undefined ? null : how(field);
  };
  return {
    id: read("id", (field) => readName(field, "an id")) ?? "",
    subject: readSubject(entry, { keys, world }),
    tags: read("tags", readWords) ?? [],
    channel: read("channel", (field) => readKnown(field, { number: "106", what: "channel", known: world?.channels })),
    ...(read("contact", readContact) ?? { contact: contactOf({}), verified: false }),
    answers: read("connectors", (field) => readStubs(field, world)) ?? {},
    clock: read("clock", readClock) ?? DEFAULT_CLOCK,
  };
}

function readSubject(
  entry: Entry,
  { keys, world }: { keys: Fields; world: ScenarioWorld | null },
): Scenario["subject"] {
  const [procedure, workflow] = [keys.get("procedure"), keys.get("workflow")];
  if ((procedure === undefined) === (workflow === undefined))
    fault(
      entry,
      "016",
      "a scenario has either procedure: or workflow:, for what begins when the customer writes",
      "key",
    );
  if (workflow !== undefined) {
    const known = { number: "104", what: "workflow", known: world?.workflows };
    return { kind: "workflow", id: readKnown(workflow, known) ?? "" };
  }
  if (procedure === undefined) return { kind: "procedure", id: "auto" };
  const ids = world?.procedures.map(({ id }) => id);
  const known = { number: "107", what: "procedure", known: ids === undefined ? undefined : [...ids, "auto"] };
  return { kind: "procedure", id: readKnown(procedure, known) ?? "auto" };
}

interface Known {
  number: string;
  what: string;
  /** undefined: the folder has faults, so that any name will do. */
  known: readonly string[] | undefined;
}

function readKnown(entry: Entry, { number, what, known }: Known): string | null {
  const name = readText(entry);
  if (name === null || known === undefined || known.includes(name)) return name;
  return fault(entry, number, `there is no ${what} ${name}${didYouMean(name, known)}`);
}

const readWords = (entry: Entry): readonly string[] =>
  (readListOrOne(entry) ?? []).flatMap((item) => readText(item) ?? []);

function readContact(entry: Entry): Pick<Scenario, "contact" | "verified"> | null {
  const fields = readFields(entry, CONTACT_KEYS);
  if (fields === null) return null;
  const text = (key: string): string => {
    const field = fields.get(key);
    return field === undefined ? "" : (readText(field) ?? "");
  };
  const attributes = fields.get("attributes");
  const verified = fields.get("verified");
  return {
    contact: contactOf({
      name: text("name"),
      email: text("email"),
      phone: text("phone"),
      language: text("language"),
      attributes: attributes === undefined ? {} : valuesOf(attributes),
    }),
    verified: verified === undefined ? false : (readBoolean(verified) ?? false),
  };
}

const valuesOf = (entry: Entry): Record<string, unknown> =>
  Object.fromEntries([...(readMap(entry) ?? [])].map(([name, field]) => [name, plainValue(field)]));

function contactOf(given: Partial<Contact>): Contact {
  const contact = { name: "", email: "", phone: "", language: "", attributes: {}, ...given };
  return { ...contact, id: CONTACT_ID, first_name: contact.name.split(" ")[0] ?? "", blocked: false };
}

function readClock(entry: Entry): string | null {
  const text = readText(entry);
  if (text === null) return null;
  const time = /^\d{4}-\d{2}-\d{2}(?:T\S+)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  return fault(entry, "013", `clock: is a time like 2026-11-20T09:00:00Z; this is ${quoted(text)}`);
}
