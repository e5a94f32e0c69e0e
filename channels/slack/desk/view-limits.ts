/** Limits of Slack's views, each with its source: "types" are the comments of @slack/types 3.2.0, "docs" are docs.slack.dev. */

/** Title, submit and close of a modal (types). The dialogs' own words are shorter; a test holds them to it. */
export const MAX_TITLE_CHARACTERS = 24;
/** What a text field takes (types, `plain_text_input`). Longer words are written in the thread. */
export const MAX_FIELD_CHARACTERS = 3_000;
/** Of a modal, and of the home tab (types). */
export const MAX_VIEW_BLOCKS = 100;
/** Of a header block (types). */
export const MAX_HEADER_CHARACTERS = 150;
