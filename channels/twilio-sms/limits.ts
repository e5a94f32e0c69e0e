/** Limits of SMS over Twilio, each with its source. */

/** Twilio refuses a longer body, and cuts inbound ones to this (errors 21617 and 21658). */
export const MAX_BODY_CHARACTERS = 1_600;

/**
 * The longest part we send, in septets: just under ten segments, whatever the alphabet. It stays below
 * MAX_BODY_CHARACTERS because no character costs less than one septet.
 */
export const MAX_PART_SEPTETS = 1_500;

/** Units of a single segment, and of each of several (3GPP TS 23.040: a header takes the difference). */
export const SEGMENT = { gsm: { single: 160, each: 153 }, ucs2: { single: 70, each: 67 } } as const;

/** One digit to type, 1 to 9; 0 is a person. */
export const MAX_OPTIONS = 9;

/** Keeps a prompt of nine options within a few segments. */
export const MAX_LABEL_CHARACTERS = 24;

/** People send two to four short texts in a row. */
export const QUIET_MS = 3_000;

/** Ids of Twilio and carriers are far shorter (34 and 16). */
export const MAX_ID_CHARACTERS = 64;

/** Of a whole MMS (https://www.twilio.com/docs/messaging/guides/accepted-mime-types); carriers take less, except of images. */
export const MAX_MMS_BYTES = 5 * 1024 * 1024;
