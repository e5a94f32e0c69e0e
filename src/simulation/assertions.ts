/** Reads assertions: short sentences in code font about what happened. */
import { didYouMean } from "../language/suggest.ts";
import type { GuardRule } from "../procedure/command.ts";
import { fieldsOf, operationsOf, outcomesOf, type ScenarioWorld, stepsOf } from "./names.ts";
import type { Test } from "./scenario.ts";
import { valueOf } from "./tokens.ts";

/** `number` of the code, and the part of the text that it is about. */
export type ReadTest = { ok: true; test: Test } | { ok: false; number: string; part: string; message: string };

interface Form {
  usage: string;
  pattern: RegExp;
  /** Reads the groups of the pattern. `world`: null where the folder has faults, so that no name is checked. */
  read(groups: readonly (string | undefined)[], world: ScenarioWorld | null): ReadTest;
}

/** Guards, as journal lines and `refused` name them. */
const RULES: readonly GuardRule[] = [
  "not_listed",
  "bad_arguments",
  "identity",
  "provenance",
  "only_if",
  "once_per",
  "confirm",
  "approve",
  "limit",
  "unknown_name",
  "not_writable",
  "quote_not_found",
  "bad_value",
  "not_grounded",
  "not_done",
  "repeated",
];

const fine = (test: Test): ReadTest => ({ ok: true, test });
const faulty = (number: string, part: string, message: string): ReadTest => ({ ok: false, number, part, message });

/** Checks a name against those that are known. */
function named(
  o: { number: string; what: string; name: string; known: readonly string[] | null },
  test: Test,
): ReadTest {
  if (o.known === null || o.known.includes(o.name)) return fine(test);
  return faulty(o.number, o.name, `there is no ${o.what} ${o.name}${didYouMean(o.name, o.known)}`);
}

const fieldNamed = (name: string, { world, test }: { world: ScenarioWorld | null; test: Test }): ReadTest =>
  named({ number: "105", what: "field", name, known: world === null ? null : fieldsOf(world) }, test);

const operationNamed = (name: string, { world, test }: { world: ScenarioWorld | null; test: Test }): ReadTest =>
  named({ number: "103", what: "operation", name, known: world === null ? null : operationsOf(world) }, test);

const WORD = String.raw`([\p{L}\p{N}_.-]+)`;

const FORMS: readonly Form[] = [
  {
    usage: "said /words/i",
    pattern: /^(never said|said)\s+(\/.+\/[a-z]*|".*")$/su,
    read: ([how, what = ""]) => {
      const pattern = patternOf(what);
      if (pattern === null) return faulty("022", what, `${what} is neither a regular expression nor a text in quotes`);
      return fine({ kind: "said", pattern, never: how === "never said" });
    },
  },
  {
    usage: "asked FIELD",
    pattern: new RegExp(`^(not )?asked ${WORD}$`, "u"),
    read: ([not, field = ""], world) =>
      fieldNamed(field, { world, test: { kind: "asked", field, not: not !== undefined } }),
  },
  {
    usage: "called CONNECTOR.OPERATION once",
    pattern: new RegExp(`^(not )?called ${WORD}(?: (once|twice|(\\d+) times))?$`, "u"),
    read: ([not, operation = "", often, count], world) => {
      const times = often === "once" ? 1 : often === "twice" ? 2 : count === undefined ? null : Number(count);
      if (not !== undefined && times !== null) return faulty("022", often ?? "", "write either not, or how often");
      return operationNamed(operation, {
        world,
        test: { kind: "called", operation, times: not === undefined ? times : 0 },
      });
    },
  },
  {
    usage: "refused RULE",
    pattern: /^(?:refused ([\w-]+)|not refused)$/u,
    read: ([name]) => {
      const rule = RULES.find((known) => known === name) ?? null;
      if (name !== undefined && rule === null)
        return faulty("114", name, `there is no guard ${name}${didYouMean(name, RULES)}`);
      return fine({ kind: "refused", rule, not: name === undefined });
    },
  },
  {
    usage: 'field NAME == "value"',
    pattern: new RegExp(`^field ${WORD}\\s*(?:(==|!=)\\s*(.+)|is unknown)$`, "u"),
    read: ([name = "", operator, text = ""], world) => {
      const value = valueOf(text.trim());
      if (operator !== undefined && value === undefined)
        return faulty("022", text, `${text} is no value: write a word, a number, a text in double quotes, or JSON`);
      const path = name.split(".");
      const is =
        operator === undefined
          ? ({ kind: "unknown" } as const)
          : ({ kind: operator === "==" ? "equal" : "unequal", value } as const);
      return fieldNamed(path[0] ?? "", { world, test: { kind: "field", path, is } });
    },
  },
  {
    usage: "outcome == NAME",
    pattern: /^outcome\s*(==|!=)\s*("?)([\p{L}\p{N}_-]+)\2$/u,
    read: ([operator, , outcome = ""], world) =>
      named(
        { number: "112", what: "outcome", name: outcome, known: world === null ? null : outcomesOf(world) },
        { kind: "outcome", equal: operator === "==", outcome },
      ),
  },
  {
    usage: "handoff QUEUE within 6 turns",
    pattern: new RegExp(`^(?:no handoff|handoff(?: ${WORD}(?: within (\\d+) turns?)?)?)$`, "u"),
    read: ([queue, within], world) =>
      named(
        {
          number: "101",
          what: "queue",
          name: queue ?? "",
          known: queue === undefined || world === null ? null : world.queues,
        },
        { kind: "handoff", queue: queue ?? null, within: within === undefined ? null : Number(within), not: false },
      ),
  },
  {
    usage: "order: A < B",
    pattern: /^order:\s*(\S.*<.*\S)$/u,
    read: ([text = ""], world) => {
      const marks = text.split("<").map((mark) => mark.trim());
      for (const mark of marks) {
        const fault = markFault(mark, world);
        if (fault !== null) return fault;
      }
      return fine({ kind: "order", marks });
    },
  },
  {
    usage: "tag WORD",
    pattern: /^(not )?tag (\S+)$/u,
    read: ([not, tag = ""]) => fine({ kind: "tag", tag, not: not !== undefined }),
  },
  {
    usage: "step ID",
    pattern: /^step (\S+)$/u,
    read: ([step = ""], world) =>
      named(
        { number: "111", what: "step", name: step, known: world === null ? null : stepsOf(world) },
        { kind: "step", step },
      ),
  },
  {
    usage: "journal CODE",
    pattern: /^(not )?journal ([\w.]+)$/u,
    read: ([not, code = ""]) => fine({ kind: "journal", code, not: not !== undefined }),
  },
  {
    usage: "closed",
    pattern: /^(closed|open)$/u,
    read: ([phase]) => fine({ kind: "phase", closed: phase === "closed" }),
  },
  { usage: "no guard broken", pattern: /^no guard broken$/u, read: () => fine({ kind: "guards" }) },
];

const FIRST_WORDS = [
  "said",
  "never said",
  "asked",
  "called",
  "not called",
  "refused",
  "field",
  "outcome",
  "handoff",
  "no handoff",
  "order",
  "tag",
  "step",
  "journal",
  "closed",
  "open",
  "no guard broken",
];

/** Reads one assertion. */
export function readTest(text: string, world: ScenarioWorld | null): ReadTest {
  for (const form of FORMS) {
    const found = form.pattern.exec(text);
    if (found === null) continue;
    const result = form.read(found.slice(1), world);
    return text === "no handoff" && result.ok
      ? fine({ kind: "handoff", queue: null, within: null, not: true })
      : result;
  }
  const first = /^(?:not |never |no )?[\p{L}]+/u.exec(text)?.[0] ?? text;
  const near = FORMS.find(({ usage }) => usage.split(/[ :]/)[0] === first);
  if (near !== undefined) return faulty("022", text, `write it as: ${near.usage}`);
  return faulty("022", text, `there is no assertion “${text}”${didYouMean(first, FIRST_WORDS)}`);
}

/** A regular expression, or the text in quotes; null: neither. */
function patternOf(text: string): RegExp | string | null {
  if (text.startsWith('"')) {
    const value = valueOf(text);
    return typeof value === "string" ? value : null;
  }
  const [, source = "", flags = ""] = /^\/(.+)\/([a-z]*)$/su.exec(text) ?? [];
  try {
    // Without g and y, so that every test begins at the start of the text.
    return new RegExp(source, `${flags.replaceAll(/[gyuv]/g, "")}u`);
  } catch {
    return null;
  }
}

/** Things whose order can be told. */
function markFault(mark: string, world: ScenarioWorld | null): ReadTest | null {
  const field = /^asked (\S+)$/u.exec(mark)?.[1];
  const test: Test = { kind: "order", marks: [mark] };
  if (mark === "handoff" || mark === "end") return null;
  const checked = field === undefined ? operationNamed(mark, { world, test }) : fieldNamed(field, { world, test });
  return checked.ok ? null : checked;
}
