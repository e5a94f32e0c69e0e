/** Reads the lines of a scenario: `customer:`, `model:`, `operator:`, `wait:` and `expect:`. */
import type { DeskCommand } from "../adapter/desk-command.ts";
import type { Attachment } from "../domain/message.ts";
import type { Position } from "../language/diagnostic.ts";
import { DURATION_EXAMPLES, durationMs } from "../language/duration.ts";
import { positionAt } from "../language/position.ts";
import { didYouMean } from "../language/suggest.ts";
import { report, type YamlFile } from "../language/yaml-file.ts";
import { readTest } from "./assertions.ts";
import { readAnswer } from "./commands.ts";
import type { ScenarioWorld } from "./names.ts";
import type { Assertion, CustomerAct, Line } from "./scenario.ts";
import type { Item } from "./sections.ts";

export interface LineReading {
  yaml: YamlFile;
  world: ScenarioWorld | null;
}

/** A part of a line, with the offset of its first letter. */
type Part = Item;

const KINDS = ["customer", "model", "operator", "wait", "expect"] as const;

/** Longest text that a line may make, characters. */
const TEXT_MAX = 2_000_000;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain",
};

/** Adds a fault; returns null, so that a reader can end with it. */
function faultAt({ yaml }: LineReading, at: number, { number, message }: { number: string; message: string }): null {
  report(yaml, { at, number, message });
  return null;
}

/** Reads one line; null: it has a fault, which is reported. */
export function readLine(item: Item, reading: LineReading): Line | null {
  const [, kind = "", space = ""] = /^([\w-]+):(\s*)/.exec(item.text) ?? [];
  const known = KINDS.find((one) => one === kind);
  if (known === undefined) {
    const message = `a line begins with ${KINDS.map((one) => `${one}:`).join(", ")}; this is ${kind === "" ? "none of them" : `${kind}:`}${didYouMean(kind, KINDS)}`;
    return faultAt(reading, item.at, { number: "019", message });
  }
  const from = kind.length + 1 + space.length;
  const part = { text: item.text.slice(from).trimEnd(), at: item.at + from };
  const position = positionAt(reading.yaml.source, item.at);
  if (part.text === "")
    return faultAt(reading, item.at, { number: "006", message: `${kind}: needs something after it` });
  switch (known) {
    case "customer":
      return readCustomer(part, { position, reading });
    case "model": {
      const read = readAnswer(part.text);
      if (!read.ok) return faultAt(reading, part.at + read.at, { number: "021", message: read.message });
      return { kind: "model", position, answer: read.answer };
    }
    case "operator": {
      const command = readOperator(part, reading);
      return command === null ? null : { kind: "operator", position, command };
    }
    case "wait": {
      const ms = durationMs(part.text);
      const message = `wait: takes ${DURATION_EXAMPLES}`;
      return ms === null ? faultAt(reading, part.at, { number: "013", message }) : { kind: "wait", position, ms };
    }
    case "expect":
      return { kind: "expect", position, assertions: readAssertions(part, reading) };
  }
}

/** What stands in brackets before the customer's words. */
interface Circumstances {
  afterMs: number | null;
  times: number;
  files: readonly Attachment[];
}

function readCustomer(part: Part, o: { position: Position; reading: LineReading }): Line | null {
  const circumstances: Circumstances = { afterMs: null, times: 1, files: [] };
  let { text, at } = part;
  for (;;) {
    const found = /^\((after|times|with)\s+([^)]*)\)\s*/.exec(text);
    if (found === null) break;
    const [whole, what = "", value = ""] = found;
    const message = setCircumstance(circumstances, what, value.trim());
    if (message !== null) return faultAt(o.reading, at, { number: "013", message });
    text = text.slice(whole.length);
    at += whole.length;
  }
  const act = readAct({ text, at }, { circumstances, reading: o.reading });
  return act === null ? null : { kind: "customer", position: o.position, afterMs: circumstances.afterMs, act };
}

/** Returns a message where it can't be read. */
function setCircumstance(circumstances: Circumstances, what: string, value: string): string | null {
  if (what === "after") {
    circumstances.afterMs = durationMs(value);
    return circumstances.afterMs === null ? `(after …) takes ${DURATION_EXAMPLES}` : null;
  }
  if (what === "times") {
    circumstances.times = /^[1-9]\d{0,6}$/.test(value) ? Number(value) : 0;
    return circumstances.times === 0 ? "(times …) takes a whole number" : null;
  }
  circumstances.files = value.split(/[\s,]+/).map(fileNamed);
  return value === "" ? "(with …) takes names of files" : null;
}

function fileNamed(name: string): Attachment {
  const mediaType = MEDIA_TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";
  return { ref: name, name, mediaType };
}

function readAct({ text, at }: Part, o: { circumstances: Circumstances; reading: LineReading }): CustomerAct | null {
  const { times, files } = o.circumstances;
  const number = /^choose (\d{1,3})$/.exec(text)?.[1];
  if (number !== undefined) return { kind: "choose", n: Number(number) };
  const pressed = /^press (earlier )?(.+)$/.exec(text);
  if (pressed !== null) return { kind: "press", option: pressed[2] ?? "", earlier: pressed[1] !== undefined };
  const words = text.startsWith('"') ? jsonText(text) : text.replaceAll(/\n\s+/g, "\n");
  if (words === null)
    return faultAt(o.reading, at, {
      number: "023",
      message: "this text begins with a quote and is no JSON text; write quotes within a text after its first word",
    });
  if (words.length * times > TEXT_MAX)
    return faultAt(o.reading, at, { number: "001", message: `the text would have more than ${TEXT_MAX} characters` });
  return { kind: "text", text: words.repeat(times), files };
}

function jsonText(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

const COMMANDS = ["claim", "unclaim", "take over", "hand back", "resolve"] as const;
const WITH_TEXT = ["reply", "note", "transfer"] as const;

function readOperator({ text, at }: Part, reading: LineReading): DeskCommand | null {
  const plain = COMMANDS.find((one) => one === text);
  if (plain !== undefined) return { kind: plain.replace(" ", "_") as "claim" };
  const [, word = "", words = ""] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const kind = WITH_TEXT.find((one) => one === word);
  if (kind === undefined) {
    const known = [...COMMANDS, ...WITH_TEXT];
    return faultAt(reading, at, {
      number: "021",
      message: `an operator can ${known.join(", ")}; this is ${word}${didYouMean(text, known)}`,
    });
  }
  if (words === "") return faultAt(reading, at, { number: "006", message: `${kind} needs something after it` });
  if (kind !== "transfer") return { kind, text: words };
  const queues = reading.world?.queues;
  if (queues === undefined || queues.includes(words)) return { kind, queue: words };
  const wordAt = at + text.length - words.length;
  return faultAt(reading, wordAt, { number: "101", message: `there is no queue ${words}${didYouMean(words, queues)}` });
}

/** Reads the assertions of a line, in code font. */
export function readAssertions({ text, at }: Part, reading: LineReading): readonly Assertion[] {
  const spans = [...text.matchAll(/`([^`]*)`/g)];
  const beside = text.replaceAll(/`[^`]*`|\band\b|[,;.]/g, (found) => " ".repeat(found.length));
  const words = beside.trim();
  if (words !== "") {
    const message = `“${words.slice(0, 40)}” is not in code font, so it is no assertion; write \`called billing.get_subscription\``;
    faultAt(reading, at + beside.indexOf(words), { number: "022", message });
  }
  return spans.flatMap(({ 1: inner = "", index }): Assertion[] => {
    const read = readTest(inner.trim(), reading.world);
    const place = at + index + 1;
    if (read.ok) return [{ text: inner.trim(), position: positionAt(reading.yaml.source, place), test: read.test }];
    const { number, message } = read;
    faultAt(reading, place + Math.max(0, inner.indexOf(read.part)), { number, message });
    return [];
  });
}
