/** Limits of Slack's views, each with its source: "types" are the comments of @slack/types 3.2.0. */

/** Of a text field (types, `plain_text_input`). Longer texts can be written in the thread. */
export const MAX_FIELD_CHARACTERS = 3_000;
/** Of a header block (types). */
export const MAX_HEADER_CHARACTERS = 150;
