/**
 * Lengths and counts that Slack enforces but its types only document: the JSDoc of @slack/types 3.2.0
 * (https://docs.slack.dev/reference/block-kit). If two figures are published, the smaller one.
 *
 * A path starts at the object of that type; `*` is every item. The number is the maximum of characters of a text, or of
 * items of a list.
 */
const CONFIRM = {
  "confirm.title.text": 100,
  "confirm.text.text": 300,
  "confirm.confirm.text": 30,
  "confirm.deny.text": 30,
};
const OPTION = {
  "options.*.text.text": 75,
  "options.*.value": 75,
  "options.*.description.text": 75,
  "options.*.url": 3_000,
};
const GROUPS = {
  option_groups: 100,
  "option_groups.*.label.text": 75,
  "option_groups.*.options": 100,
  "option_groups.*.options.*.text.text": 75,
  "option_groups.*.options.*.value": 75,
};
const SELECT = { "placeholder.text": 150, options: 100, ...OPTION, ...GROUPS, ...CONFIRM };
const INPUT = { "placeholder.text": 150, initial_value: 3_000 };

const MAX: Record<string, Record<string, number>> = {
  plain_text: { text: 3_000 },
  mrkdwn: { text: 3_000 },
  section: { "text.text": 3_000, fields: 10, "fields.*.text": 2_000 },
  header: { "text.text": 150 },
  context: { elements: 10 },
  context_actions: { elements: 5 },
  actions: { elements: 25 },
  image: { alt_text: 2_000, image_url: 3_000, "title.text": 2_000 },
  input: { "label.text": 2_000, "hint.text": 2_000 },
  markdown: { text: 12_000 },
  table: { rows: 100, "rows.*": 20, column_settings: 20 },
  video: { "title.text": 199, author_name: 49 },
  card: { "title.text": 150, "subtitle.text": 150, "body.text": 200 },
  carousel: { elements: 10 },
  container: { "title.text": 150, "subtitle.text": 150, child_blocks: 10 },
  button: { "text.text": 75, value: 2_000, url: 3_000, accessibility_label: 75, ...CONFIRM },
  workflow_button: { "text.text": 75, accessibility_label: 75 },
  icon_button: { accessibility_label: 75, ...CONFIRM },
  checkboxes: { options: 10, ...OPTION, ...CONFIRM },
  radio_buttons: { options: 10, ...OPTION, ...CONFIRM },
  overflow: { options: 5, ...OPTION, ...CONFIRM },
  static_select: SELECT,
  multi_static_select: SELECT,
  external_select: SELECT,
  users_select: SELECT,
  conversations_select: SELECT,
  channels_select: SELECT,
  datepicker: INPUT,
  timepicker: INPUT,
  email_text_input: INPUT,
  number_input: INPUT,
  url_text_input: INPUT,
  plain_text_input: INPUT,
  modal: {
    "title.text": 24,
    "submit.text": 24,
    "close.text": 24,
    private_metadata: 3_000,
    callback_id: 255,
    external_id: 255,
  },
  home: { private_metadata: 3_000, callback_id: 255, external_id: 255 },
};
/** Limits of any object. */
const MAX_ID = { block_id: 255, action_id: 255 };
/** Fields that may not be empty: a text of a text object, options, elements. */
const NEVER_EMPTY: Record<string, readonly string[]> = {
  plain_text: ["text"],
  mrkdwn: ["text"],
  /** Rich text. */
  text: ["text"],
  actions: ["elements"],
  context: ["elements"],
  static_select: ["options"],
  radio_buttons: ["options"],
  checkboxes: ["options"],
  overflow: ["options"],
};
/** Ranges of the inputs' own bounds. */
const MAX_INPUT_LENGTH = 3_000;

/** Lists every limit that `value`, or anything in it, breaks; `at` is its JSON pointer. */
export function findBrokenLimits(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one, n) => findBrokenLimits(one, `${at}/${n}`));
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, one]) => findBrokenLimits(one, `${at}/${key}`));
  return [...brokenLimits(value as Record<string, unknown>, at), ...inside];
}

function brokenLimits(value: Record<string, unknown>, at: string): string[] {
  const type = typeof value["type"] === "string" ? value["type"] : "";
  const rules = { ...MAX_ID, ...(Object.hasOwn(MAX, type) ? MAX[type] : {}) };
  const long = Object.entries(rules).flatMap(([path, max]) =>
    sizesAt(value, path.split("."), at).flatMap(({ size, pointer, unit }) =>
      size > max ? [`must be ${max} ${unit} at most, is ${size} [json-pointer:${pointer}]`] : [],
    ),
  );
  const empty = (Object.hasOwn(NEVER_EMPTY, type) ? (NEVER_EMPTY[type] ?? []) : []).flatMap((path) =>
    sizesAt(value, [path], at).flatMap(({ size, pointer }) =>
      size === 0 ? [`must not be empty [json-pointer:${pointer}]`] : [],
    ),
  );
  return [...long, ...empty, ...bounds(value, at)];
}

function bounds(value: Record<string, unknown>, at: string): string[] {
  if (value["type"] !== "plain_text_input") return [];
  return ["min_length", "max_length"].flatMap((key) => {
    const bound = value[key];
    const wrong = typeof bound === "number" && (bound < 0 || bound > MAX_INPUT_LENGTH);
    return wrong ? [`must be between 0 and ${MAX_INPUT_LENGTH} [json-pointer:${at}/${key}]`] : [];
  });
}

interface Size {
  size: number;
  pointer: string;
  unit: "characters" | "items";
}

function sizesAt(value: unknown, path: readonly string[], at: string): Size[] {
  const [key, ...rest] = path;
  if (key === undefined) return sizeOf(value, at);
  if (key === "*") return Array.isArray(value) ? value.flatMap((one, n) => sizesAt(one, rest, `${at}/${n}`)) : [];
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return [];
  return sizesAt((value as Record<string, unknown>)[key], rest, `${at}/${key}`);
}

function sizeOf(value: unknown, pointer: string): Size[] {
  if (typeof value === "string") return [{ size: value.length, pointer, unit: "characters" }];
  return Array.isArray(value) ? [{ size: value.length, pointer, unit: "items" }] : [];
}
