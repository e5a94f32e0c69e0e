/** Limits of Slack's views, each with its source: "types" are the comments of @slack/types 3.2.0. */

/** What a text field takes (types, `plain_text_input`). Longer words are written in the thread. */
export const MAX_FIELD_CHARACTERS = 3_000;
/** Of a header block (types). */
export const MAX_HEADER_CHARACTERS = 150;
