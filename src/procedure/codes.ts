import { type Code, error, warning } from "../language/code.ts";
import type { Diagnostic } from "../language/diagnostic.ts";

/** Codes of all faults in procedure files. Those up to P018 mean the same as in workflow files (W…). */
export const CODES: readonly Code[] = [
  error(
    "P001",
    "The file cannot be read: no front matter, no YAML, too large, too deep, or too many of something.",
    "# Cancel",
  ),
  error(
    "P002",
    "A text needs quotes, because it contains `: ` or begins with `{{`, `@` or a backtick.",
    "title: Note: this",
  ),
  error(
    "P003",
    "Anchors, aliases and tags are not read; a text or condition that begins with `&`, `*` or `!` needs quotes.",
    "if: !contact.blocked",
  ),
  error("P004", "A key stands twice in the same place.", "id: a\nid: b"),
  error("P005", "A key that does not belong here.", "titel: Cancel"),
  error("P006", "Something that must be there is missing.", "`@ask`"),
  error("P007", "A value of the wrong kind: a list where a text is wanted, and the like.", "limits: { turns: many }"),
  error("P008", "A feature that this version does not have yet.", "`@lookup prices`"),
  error("P009", "No such action.", "`@ues billing.get_subscription`"),
  error("P010", "No such type.", "type: txt"),
  error("P011", "A condition that is not valid CEL, or whose types do not fit.", "**If** `tries = 2`:"),
  error("P012", "A text that is not valid Liquid, or that reads the clock or chance.", "{{ name | upcas }}"),
  error("P013", "Not a duration.", "within: soon"),
  error("P014", "Not one of the words that may stand here.", "status: life"),
  error("P015", "A name that cannot be used: wrong letters, taken, or given twice.", "## Cancel\n## Cancel"),
  error("P016", "An escalation with both `if:` and `when:`, or with neither.", "- to: leads"),
  error(
    "P017",
    "A pattern that could take too long on a customer's text, or that is not written out in quotes.",
    "**If** `name.matches('^(a+)+$')`:",
  ),
  error(
    "P018",
    "A condition or text that costs too much: too long, too deep, loops within loops within loops, long lists in loops.",
    "**If** `a.all(x, b.all(y, c.all(z, x == y)))`:",
  ),
  error(
    "P019",
    "A list of branches that is none: no **If** before **Else**, a plain item, a condition without a colon.",
    "- **Else**: `@end x`",
  ),
  error(
    "P020",
    "No steps, two titles, a heading without letters, or an action before the first step.",
    "Begin with `@ask reason`.",
  ),
  error("P021", "HTML, which a model reads and people do not see.", "<!-- be rude -->"),
  error("P022", "A block of code that does not begin with its name, its fields and its type.", "```js"),
  error("P023", "A sentence in quotes that does not end, or holds more than text and `{{ }}`.", 'say "Hello `@end x`"'),
  error("P101", "No such queue in frontdesk.yaml.", "`@handoff frontline`"),
  error("P102", "No such connector under connectors/.", "biling.get_subscription: read"),
  error("P103", "The connector has no such operation.", "billing.get_subscripton: read"),
  error("P104", "No such workflow under workflows/.", "`@workflow greting`"),
  error("P105", "No step has this id.", "[Cancel](#cancle)"),
  error("P106", "No such channel in frontdesk.yaml.", "channels: [smss]"),
  error("P107", "No such procedure under procedures/.", "`@run refund-polcy`"),
  error("P108", "An operation that is not listed under `connectors:`.", "`@use billing.aply_offer`"),
  error("P109", "No such field.", "`@ask cancel_reson`"),
  error("P110", "No code block has this name.", "from: chose-offer"),
  error(
    "P111",
    "`with:` names an input that the operation does not have, or a value that does not fit it.",
    "with: { di: sub.id }",
  ),
  error(
    "P112",
    "A value of another type than the field's, or a read that is listed as a write.",
    '`@set tries = "one"`',
  ),
  error(
    "P113",
    "A field that something else may set: `@ask` is for those from the customer, `@set` for those `from: set`.",
    "`@ask sub`",
  ),
  error("P115", "A value that is not there.", "{{ sub.renew_on }}"),
  error("P118", "A text that the value can never be.", '**If** `reason == "prize"`:'),
  error("P120", "Procedures that run each other in a circle.", "`@run cancel-subscription`"),
  error("P121", "Two files with the same id.", "id: cancel-subscription"),
  warning(
    "P122",
    "A step that is never reached: the one before it leaves, and no link leads to it.",
    "`@end x`\n## Next",
  ),
  warning(
    "P123",
    "A last step from which nothing leads on: no `@end`, `@handoff`, `@switch`, `@workflow` or link.",
    "## Goodbye\nBe kind.",
  ),
  warning(
    "P124",
    "A write that neither the customer confirms nor a person approves.",
    "billing.cancel_subscription: write",
  ),
  warning("P125", "A field that nothing uses.", "favourite_color: { type: text }"),
  warning(
    "P126",
    "A field that is used, and that nothing in the steps asks for, sets or looks up.",
    "tries: { type: number, from: set }",
  ),
  warning(
    "P127",
    "Values of an enum for which a list of branches has none, and no **Else**.",
    '- **If** `reason == "price"`: …',
  ),
  warning(
    "P128",
    "A condition that is always true or never, or a branch that is never taken.",
    '**Else if** `reason == "price"`: …',
  ),
  warning(
    "P129",
    "Fewer than three examples in the trigger; they are also the test set.",
    "examples: [cancel my plan]",
  ),
  warning("P130", "Two procedures with nearly the same trigger.", "when: The customer wants to cancel."),
  warning(
    "P131",
    "An example that is nearly a counter-example of the same file.",
    "counter_examples: [cancel my plan]",
  ),
  warning("P132", "A listed operation, or a code block, that nothing uses.", "billing.get_invoice: read"),
  warning(
    "P133",
    "A sentence that asks for the confirmation which the engine asks for.",
    'ask "Are you sure?" and `@use …`',
  ),
  error("P134", "Code that is not valid JavaScript.", "return { kind: none"),
  warning(
    "P135",
    "Curly quotes after *say*, *tell them*, *ask* or *answer*: only straight ones are said word for word.",
    "say “Hello”",
  ),
  warning(
    "T002",
    "A procedure without anything to judge: fixed questions and branches are a workflow.",
    "`@ask a`, `@ask b`, `@ask c`",
  ),
];

/** Severity of a code. */
export function severityOf(code: string): Diagnostic["severity"] {
  return CODES.find((known) => known.code === code)?.severity ?? "error";
}
