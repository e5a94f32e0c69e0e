/** Bounds of what the page may post. Ours: the page's own checks are no wider. */

/** A whole body; the longest text as JSON, each character escaped. */
export const MAX_BODY_BYTES = 131_072;
/** A text, in characters: longer than any channel takes in one part, so that splitting can be seen. */
export const MAX_TEXT_CHARACTERS = 20_000;
/** Ids, thread names and the like. */
export const MAX_ID_CHARACTERS = 200;
export const MAX_NAME_CHARACTERS = 200;
/** A signature is good for this long before and after its time; Slack and Stripe allow the same. */
export const SIGNATURE_TOLERANCE_MS = 300_000;
