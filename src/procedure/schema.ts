/** JSON Schema of the front matter, with which editors complete and check keys while one types. */
import {
  APPROVAL_KEYS,
  AUDIENCE_KEYS,
  ESCALATION_KEYS,
  FIELD_KEYS,
  LIMITS_KEYS,
  PROCEDURE_KEYS,
  RULE_KEYS,
  TRIGGER_KEYS,
} from "./keys.ts";
import { FIELD_TYPES } from "./parse-field-type.ts";

type Schema = Readonly<Record<string, unknown>>;

interface Keys {
  known: readonly string[];
  required: readonly string[];
}

const text = (description: string): Schema => ({ type: "string", description });
const condition = (description: string): Schema => ({
  type: ["string", "boolean"],
  description: `${description} CEL.`,
});
const duration = (description: string): Schema => ({
  type: "string",
  pattern: "^\\d{1,9}(ms|s|m|h|d)$",
  description: `${description} A duration like 30s, 10m, 4h or 2d.`,
});
const oneOf = (words: readonly string[], description: string): Schema => ({ enum: words, description });
const listOrOne = (items: Schema, description: string): Schema => ({
  anyOf: [{ type: "array", items }, items],
  description,
});
const mapOf = (values: Schema, description: string): Schema => ({
  type: "object",
  additionalProperties: values,
  description,
});

/** An object with exactly these keys; a key without a schema of its own is a bug, which a test finds. */
function object({ known, required }: Keys, properties: Readonly<Record<string, Schema>>, description: string): Schema {
  const listed = Object.fromEntries(known.map((key) => [key, properties[key] ?? {}]));
  return { type: "object", description, additionalProperties: false, required, properties: listed };
}

const words = { type: "string" };

const TRIGGER = object(
  TRIGGER_KEYS,
  {
    when: text("What the customer wants when this procedure is the right one."),
    not_when: text("What they may want that sounds alike, and is another matter."),
    examples: listOrOne(words, "Sentences that customers write. They are also the test set; at least three."),
    counter_examples: listOrOne(words, "Sentences that sound alike, and must not begin it."),
  },
  "When the procedure begins.",
);

const AUDIENCE = object(
  AUDIENCE_KEYS,
  {
    channels: listOrOne(words, "Names of channels from frontdesk.yaml. Left out: all."),
    if: condition("A condition over contact, conversation, message and now."),
    requires: oneOf(["verified"], "An unverified customer runs verify-identity first."),
  },
  "Whom it serves.",
);

const FIELD = object(
  FIELD_KEYS,
  {
    type: text(`One of ${FIELD_TYPES.join(", ")}, a type of types:, or one that a connector returns.`),
    from: text("Its only writer: customer, human, set, contact.…, an operation, or a code block."),
    ask: text("Guidance for a model that asks for it."),
    question: text("The question as it stands. Liquid."),
    labels: mapOf(words, "Words for the values of an enum, as customers see them."),
    optional: { type: "boolean", description: "True if the customer may leave it out." },
    sensitive: { type: "boolean", description: "True if it is masked on cards, in logs and in prompts." },
    values: { type: "array", items: words, minItems: 1, description: "The values of an enum." },
    pattern: text("A regular expression for the whole value of an id."),
  },
  "Something that it needs to know.",
);

const APPROVAL = object(
  APPROVAL_KEYS,
  {
    if: condition("Left out: always."),
    by: text("A queue from frontdesk.yaml."),
    within: duration("Time that people have."),
    otherwise: oneOf(["handoff"], "What happens when the time is up."),
  },
  "An approval by people.",
);

const RULE = object(
  RULE_KEYS,
  {
    only_if: condition("It may be called only if this holds; unknown counts as no."),
    with: mapOf({ type: ["string", "number", "boolean"] }, "Inputs that the file fills in, each a CEL expression."),
    confirm: oneOf(["customer"], "The customer agrees to the exact values in a later message."),
    approve: listOrOne(APPROVAL, "Approvals; the first whose condition holds is due."),
    once_per: { type: ["string", "number"], description: "It is called once for this value. CEL." },
    max_calls: { type: "integer", minimum: 1, maximum: 100, description: "Calls within one run." },
    fresh: duration("Oldest age of the reads that the rules refer to."),
  },
  "The rules of an operation.",
);

const ESCALATION = object(
  ESCALATION_KEYS,
  {
    if: condition("A condition that the engine decides."),
    when: text("Words that a model judges."),
    to: text("A queue or a workflow."),
  },
  "A reason to hand over to people.",
);

const LIMITS = object(
  LIMITS_KEYS,
  {
    turns: { type: "integer", minimum: 1, description: "Messages of the customer within one run." },
    stalled_turns: { type: "integer", minimum: 1, description: "Turns in a row without progress." },
    cost_usd: { type: "number", exclusiveMinimum: 0, description: "Cost of models in one run." },
  },
  "When people take over.",
);

/** The schema of a procedure's front matter, JSON Schema draft 2020-12. */
export const PROCEDURE_SCHEMA: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Frontdesk procedure",
  ...object(
    PROCEDURE_KEYS,
    {
      id: {
        type: "string",
        pattern: "^[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,63}$",
        description: "Its name in other files.",
      },
      title: text("Its name for people; left out: the heading of the page."),
      status: oneOf(["draft", "live"], "A draft never begins by itself."),
      owner: text("The person or team who answers for it."),
      trigger: TRIGGER,
      audience: AUDIENCE,
      fields: mapOf(FIELD, "What it needs to know, by name."),
      types: mapOf({}, "Types by name, as in connector files."),
      connectors: mapOf(
        { anyOf: [oneOf(["read", "write"], "No further rules."), RULE] },
        "The only operations that it may call.",
      ),
      escalate: listOrOne(ESCALATION, "When people take over at once."),
      limits: LIMITS,
      strict: listOrOne(words, "Ids of steps of which a model sees one at a time."),
    },
    "The front matter of a file under procedures/.",
  ),
};
