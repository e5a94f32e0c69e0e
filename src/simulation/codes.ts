import { type Code, error } from "../language/code.ts";

/** Codes of scenarios. Those up to S018 mean the same as in workflow files (W…). */
export const CODES: readonly Code[] = [
  error("S008", "A part of scenarios that this version does not have yet.", "# Customer"),
  error("S013", "Not a duration, a time or a number.", "- customer: (after soon) hello"),
  error("S016", "A scenario with both `procedure:` and `workflow:`, or with neither.", "id: cancel"),
  error("S019", "A line that is none: it begins with no known word and a colon.", "- custmer: hello"),
  error("S020", "No lines under `# Turns`, an unknown section, or a text that is no line of a list.", "# Turn"),
  error("S021", "A command that neither a model nor an operator has.", '- model: repyl "Hello"'),
  error("S022", "An assertion that cannot be read, or words that are not in code font.", "- expect: called it"),
  error("S023", "A text in quotes that does not end.", '- customer: "hello'),
  error("S024", "A line before the customer's first one, when nothing has happened yet.", "- model: cancel"),
  error("S101", "No such queue in frontdesk.yaml.", "`handoff biling`"),
  error("S102", "No such connector under connectors/.", "biling.get_subscription: done"),
  error("S103", "The connector has no such operation.", "`called billing.get_subscripton`"),
  error("S104", "No such workflow under workflows/.", "workflow: greting"),
  error("S105", "No procedure has such a field.", "`asked cancel_reson`"),
  error("S106", "No such channel in frontdesk.yaml.", "channel: caht"),
  error("S107", "No such procedure under procedures/.", "procedure: cancel-subscripton"),
  error("S108", "The connector does not declare such an error.", "billing.get_subscription: { error: no_subscripton }"),
  error("S109", "An answer that does not fit `returns:` of the connector.", "billing.get_subscription: { id: 7 }"),
  error("S110", "No procedure has such a code block.", "code choose-ofer: { percent: 20 }"),
  error("S111", "No procedure has such a step.", "`step cancle`"),
  error("S112", "No procedure ends with such an outcome.", "`outcome == canceled`"),
  error("S114", "No such guard.", "`refused only_of`"),
  error("S121", "Two files have the same id.", "id: cancel"),
];
