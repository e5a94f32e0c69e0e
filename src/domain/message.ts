/** A file that came with a message; its bytes are fetched later, if ever (I5). */
export interface Attachment {
  ref: string;
  name?: string;
  mediaType?: string;
  bytes?: number;
}

/** Whom a part was written by, for the people who read the transcript. */
export type Author = "customer" | "bot" | "operator";
