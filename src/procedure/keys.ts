/** The keys of the front matter, for reading it and for the schema that editors use. */

export const PROCEDURE_KEYS = {
  what: "a procedure",
  known: [
    "id",
    "title",
    "status",
    "owner",
    "trigger",
    "audience",
    "fields",
    "types",
    "connectors",
    "escalate",
    "limits",
    "strict",
  ],
  later: ["replies", "model", "knowledge"],
  required: ["id", "trigger"],
};

export const TRIGGER_KEYS = {
  what: "trigger:",
  known: ["when", "not_when", "examples", "counter_examples"],
  required: ["when"],
};

export const AUDIENCE_KEYS = { what: "audience:", known: ["channels", "if", "requires"], required: [] };

export const FIELD_KEYS = {
  what: "a field",
  known: ["type", "from", "ask", "question", "labels", "optional", "sensitive", "values", "pattern"],
  required: ["type"],
};

export const RULE_KEYS = {
  what: "a rule",
  known: ["only_if", "with", "confirm", "approve", "once_per", "max_calls", "fresh"],
  required: [],
};

export const APPROVAL_KEYS = {
  what: "an approval",
  known: ["if", "by", "within", "otherwise"],
  required: ["by", "within"],
};

export const ESCALATION_KEYS = { what: "an escalation", known: ["if", "when", "to"], required: ["to"] };

export const LIMITS_KEYS = { what: "limits:", known: ["turns", "stalled_turns", "cost_usd"], required: [] };
