/** Slack's limits, each with its source: "types" are the comments of @slack/types 3.2.0, "docs" are docs.slack.dev. */

/** Of a message (types). */
export const MAX_BLOCKS = 50;
/** Of a text object, and so of a section's text (docs, "text object"; types). */
export const MAX_SECTION_CHARACTERS = 3_000;
/** Of a part, escaped: it fits one section, and an update's `text` with room for an answer. */
export const MAX_PART_CHARACTERS = 2_900;
/** Over all markdown blocks of a payload (docs, "markdown block"). */
export const MAX_MARKDOWN_CHARACTERS = 12_000;
/** Of a Markdown part, which grows when it is made inert. */
export const MAX_MARKDOWN_PART_CHARACTERS = 11_500;
/** `text` of chat.update; more is refused (docs, `msg_too_long`). */
export const MAX_UPDATE_TEXT_CHARACTERS = 4_000;
/** `text` of chat.postMessage; more is cut by Slack (docs, "chat.postMessage", truncating content). */
export const MAX_POST_TEXT_CHARACTERS = 40_000;

/** Our own limit: more options become a select. */
export const MAX_BUTTONS = 5;
/** Elements of an actions block (types). */
export const MAX_ACTIONS = 25;
/** Of a select (types). */
export const MAX_SELECT_OPTIONS = 100;
/** Our own limit of selects in one message: nobody looks through more. */
export const MAX_SELECTS = 3;
/** A button's text, and an option's text and value (types). */
export const MAX_LABEL_CHARACTERS = 75;
/** (types) */
export const MAX_BUTTON_VALUE_CHARACTERS = 2_000;

/** Our own limit of files; Slack takes 1 GB. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** Interval of posts to one Slack channel: one a second, short bursts (docs, "rate limits"); plus a tenth for clock drift. */
export const POST_EVERY_MS = 1_100;
export const POST_BURST = 3;
/** People send two or three short messages in a row. */
export const QUIET_MS = 1_500;
