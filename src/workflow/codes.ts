import { type Code, error, warning } from "../language/code.ts";
import type { Diagnostic } from "../language/diagnostic.ts";

/** Codes of all faults in workflow files. The first eighteen mean the same in connector files (C…) and settings (F…). */
export const CODES: readonly Code[] = [
  error(
    "W001",
    "The file cannot be read as YAML, is empty, too large, too deep, or has too many steps.",
    "steps: [say: hello",
  ),
  error(
    "W002",
    "A text needs quotes, because it contains `: ` or begins with `{{`, `@` or a backtick.",
    "- say: Note: we are closed",
  ),
  error(
    "W003",
    "Anchors, aliases and tags are not read; a text or condition that begins with `&`, `*` or `!` needs quotes.",
    "if: !contact.blocked",
  ),
  error("W004", "A key stands twice in the same place.", "id: a\nid: b"),
  error("W005", "A key that does not belong here.", "titel: Hello"),
  error("W006", "Something that must be there is missing.", "- wait: { unless: replied }"),
  error("W007", "A value of the wrong kind: a list where a text is wanted, and the like.", "steps: hello"),
  error("W008", "A feature that this version does not have yet.", "- classify: message.text"),
  error("W009", "No such step.", "- sya: Hello"),
  error("W010", "No such trigger.", "on: conversation.opend"),
  error("W011", "A condition that is not valid CEL, or whose types do not fit.", "- if: topic = billing"),
  error(
    "W012",
    "A text that is not valid Liquid, or that reads the clock or chance.",
    "- say: 'Hi {{ name | upcas }}'",
  ),
  error("W013", "Not a duration.", "- wait: 10 minutes"),
  error("W014", "Not one of the words that may stand here.", "status: life"),
  error("W015", "A name that cannot be used: wrong letters, taken, or given twice.", "- set: { contact: x }"),
  error("W016", "Two steps in one; put a dash before the second.", "- say: Hello\n  ask: Who are you?"),
  error(
    "W017",
    "A pattern that could take too long on a customer's text, or that is not written out in quotes.",
    "if: 'message.text.matches(\"(a+)+\")'",
  ),
  error(
    "W018",
    "A condition or text that costs too much: too long, too deep, loops within loops within loops, long lists in loops.",
    "if: a.all(x, b.all(y, c.all(z, x == y)))",
  ),
  error("W101", "No such queue in frontdesk.yaml.", "- handoff: frontline"),
  error("W102", "No such connector under connectors/.", "- use: crn.get_account"),
  error("W103", "The connector has no such operation.", "- use: crm.get_acount"),
  error("W104", "No such workflow under workflows/.", "- workflow: greting"),
  error("W105", "No step has this id.", "- goto: agian"),
  error("W106", "No such channel in frontdesk.yaml.", "channels: [smss]"),
  error("W107", "The operation needs an input that `with:` does not give.", "- use: crm.get_account"),
  error(
    "W108",
    "The operation has no such input, or fills it from the contact itself.",
    "- use: crm.get_account\n  with: { emial: x }",
  ),
  error("W109", "A value that does not fit the input's type.", "- use: crm.get_account\n  with: { limit: many }"),
  error(
    "W110",
    "A step that is never reached: the one before it ends the workflow or jumps away.",
    "- stop:\n- say: Hello",
  ),
  error(
    "W111",
    "A question with no way out: no person, no giving up, and no answer but the options.",
    "- ask: Which?\n  person: false\n  free_text: refuse",
  ),
  warning(
    "W112",
    "More options than a channel can show at once; the person who can be asked for counts as one.",
    "options: { a: A, … }",
  ),
  warning("W113", "An option's label that is longer than a channel can show.", "options: { a: A very long label … }"),
  error(
    "W114",
    "An option's label or alias that a channel's carrier keeps for itself, so that the answer never arrives.",
    "options: { end: Stop }",
  ),
  error("W115", "A value that nothing before it sets, or a field that is not there.", "- say: 'Hi {{ nmae }}'"),
  error("W116", "A text is missing in a language that other texts of the file have.", "- say: { en: Hello }"),
  error(
    "W117",
    "A goto that comes round again without waiting for anything.",
    "- say: Hello\n  id: again\n- goto: again",
  ),
  error("W118", "A text that the value can never be.", 'if: topic == "bilng"'),
  warning(
    "W119",
    "A background workflow that asks: its question waits until nothing else holds the dialogue.",
    "on: conversation.closed",
  ),
  error("W120", "Workflows that call each other in a circle.", "- workflow: first-contact"),
  error("W121", "Two files with the same id.", "id: first-contact"),
  error("W123", "No such procedure under procedures/.", "- procedure: cancel-subscripton"),
  warning("W122", "A text without a language in a file that has texts per language.", "- say: Hello"),
  warning(
    "T001",
    "Three free-text questions in a row: that is a conversation, which a person does better than a form.",
    "- ask: What happened?",
  ),
];

/** Severity of a code. */
export function severityOf(code: string): Diagnostic["severity"] {
  return CODES.find((known) => known.code === code)?.severity ?? "error";
}
