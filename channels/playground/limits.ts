/** Our own limits of the page's bodies; the page's checks allow no more. */

/** Of a whole body: the longest text as JSON, each character escaped. */
export const MAX_BODY_BYTES = 131_072;
/** Of a text: longer than any channel takes in one part, so that splitting can be seen. */
export const MAX_TEXT_CHARACTERS = 20_000;
/** Of ids, thread names and the like. */
export const MAX_ID_CHARACTERS = 200;
export const MAX_NAME_CHARACTERS = 200;
/** Tolerance of a signature's time, in both directions; Slack and Stripe allow the same. */
export const SIGNATURE_TOLERANCE_MS = 300_000;
