import { isMap } from "yaml";
import { type Hours, isTimezone, type OpenSpan } from "../domain/hours.ts";
import type { Queue } from "../domain/queue.ts";
import type { Values } from "../language/expression.ts";
import {
  type Entry,
  fault,
  isName,
  quoted,
  readFields,
  readListOrOne,
  readMap,
  readOneOf,
  readText,
} from "../language/yaml-entry.ts";
import { isNothing, report } from "../language/yaml-file.ts";
import { readTexts, type TextsByLanguage } from "../language/yaml-language.ts";

/** A queue, with its texts as written in the file. */
export interface QueueSettings extends Queue {
  closedTexts: TextsByLanguage | null;
}

const KEYS = {
  what: "a queue",
  known: ["title", "members", "hours", "closed_say", "slack_channel", "assign"],
  later: ["sla", "unclaimed", "capacity", "reply", "canned", "rules"],
};

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** Reads queues by id. */
export function readQueues(entry: Entry): Readonly<Record<string, QueueSettings>> | null {
  const listed = readMap(entry);
  if (listed === null) return null;
  if (listed.size === 0) return fault(entry, "006", "queues: names at least one queue");
  const queues = [...listed].map(([id, field]): [string, QueueSettings | null] => [id, readQueue(id, field)]);
  return Object.fromEntries(queues.filter((pair): pair is [string, QueueSettings] => pair[1] !== null));
}

function readQueue(id: string, entry: Entry): QueueSettings | null {
  if (!isName(id))
    return fault(entry, "015", `a queue's id is a word of letters, digits, - and _; this is ${quoted(id)}`, "key");
  // `front-line:` without keys is a queue that is always open.
  const fields = isNothing(entry.node) ? new Map<string, Entry>() : readFields(entry, KEYS);
  if (fields === null) return null;
  const read = <Value>(key: string, how: (field: Entry) => Value | null): Value | null => {
    const field = fields.get(key);
    return field === undefined ? null : how(field);
  };
  read("assign", (field) => readOneOf(field, ["manual"], ["round_robin", "least_busy"]));
  const closedTexts = read("closed_say", readClosedSay);
  return {
    id,
    title: read("title", readText) ?? id,
    members: read("members", readMembers) ?? "channel",
    hours: read("hours", readHours),
    deskPlace: read("slack_channel", readText),
    closedSay: closedTexts === null ? null : (values, languages) => textFor(closedTexts, values, languages),
    closedTexts,
  };
}

/** Reads `closed_say`; the only value available to it is the queue's next opening. */
function readClosedSay(entry: Entry): TextsByLanguage | null {
  const texts = readTexts(entry);
  for (const { path, position } of Object.values(texts ?? {}).flatMap(({ uses }) => uses)) {
    if (path.join(".") === "queue.opens_at") continue;
    const message = `closed_say: may only use queue.opens_at; this is ${quoted(path.join("."))}`;
    report(entry.yaml, { at: position, number: "115", message });
  }
  return texts;
}

/** Renders the text in the first language that has one, else the one without a language, else the first. */
function textFor(texts: TextsByLanguage, values: Values, languages: readonly string[]): string | null {
  const wanted = languages.find((language) => Object.hasOwn(texts, language));
  const template = wanted === undefined ? (texts[""] ?? Object.values(texts)[0]) : texts[wanted];
  const text = template?.render(values).trim() ?? "";
  return text === "" ? null : text;
}

const USERGROUP = "usergroup:";

function readMembers(entry: Entry): Queue["members"] | null {
  const items = readListOrOne(entry);
  if (items === null) return null;
  if (items.length === 0)
    return fault(entry, "006", "members: needs at least one person, or channel, or public-channel");
  const names: string[] = [];
  for (const item of items) {
    const name = readText(item);
    if (name !== null) names.push(name);
  }
  const group = names.find((name) => name.startsWith(USERGROUP));
  if (group !== undefined && names.length > 1)
    return fault(entry, "014", "members: takes one usergroup:, or people, not both");
  if (group !== undefined) return { usergroup: group.slice(USERGROUP.length) };
  const [only] = names;
  if (names.length === 1 && (only === "channel" || only === "public-channel")) return only;
  const word = names.find((name) => name === "channel" || name === "public-channel");
  if (word !== undefined) return fault(entry, "014", `members: takes ${word} alone, or people, not both`);
  return names;
}

function readHours(entry: Entry): Hours | null {
  const fields = readFields(entry, {
    what: "hours:",
    known: ["timezone", "open"],
    later: ["holidays"],
    required: ["timezone", "open"],
  });
  const zone = fields?.get("timezone");
  const open = fields?.get("open");
  const timezone = zone === undefined ? null : readTimezone(zone);
  const spans = open === undefined ? null : readOpen(open);
  return timezone === null || spans === null ? null : { timezone, open: spans };
}

function readTimezone(entry: Entry): string | null {
  const text = readText(entry);
  if (text === null || isTimezone(text)) return text;
  return fault(entry, "014", `${quoted(text)} is not a time zone; write a name like Europe/Berlin or America/New_York`);
}

/** Reads `mon-fri: "09:00-18:00"`; several spans are a list. */
function readOpen(entry: Entry): readonly OpenSpan[] | null {
  if (!isMap(entry.node)) return fault(entry, "007", 'open: needs days with times, as in mon-fri: "09:00-18:00"');
  const spans: OpenSpan[] = [];
  for (const [name, field] of readMap(entry) ?? []) {
    const days = daysOf(name);
    if (days === null)
      fault(field, "014", `${quoted(name)} is not a day; write mon, tue … sun, or a range like mon-fri`, "key");
    for (const item of readListOrOne(field) ?? []) {
      const times = readTimes(item);
      if (times !== null) spans.push(...(days ?? []).map((day) => ({ day, ...times })));
    }
  }
  return spans.length === 0 ? fault(entry, "006", "open: needs at least one day with its times") : spans;
}

function daysOf(name: string): readonly number[] | null {
  const [first = "", last = first, ...more] = name.toLowerCase().split("-");
  const from = DAYS.findIndex((day) => day === first);
  const to = DAYS.findIndex((day) => day === last);
  if (from === -1 || to === -1 || more.length > 0) return null;
  // sat-mon wraps around the end of the week.
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

const DAY_MINUTES = 1_440;

/** Reads `09:00-18:00`; `22:00-06:00` ends the next morning. */
function readTimes(entry: Entry): { fromMinute: number; toMinute: number } | null {
  const text = readText(entry);
  if (text === null) return null;
  const [, h1, m1, h2, m2] = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  const from = Number(h1) * 60 + Number(m1);
  const to = Number(h2) * 60 + Number(m2);
  const valid = Number(m1) < 60 && Number(m2) < 60 && from < DAY_MINUTES && to <= DAY_MINUTES && from !== to;
  if (!valid) return fault(entry, "014", `write times as "09:00-18:00"; this is ${quoted(text)}`);
  return { fromMinute: from, toMinute: to > from ? to : to + DAY_MINUTES };
}
