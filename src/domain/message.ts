/** A file that came with a message; its bytes are fetched later, if ever (I5). */
export interface Attachment {
  /** What the adapter fetches it by; opaque to everyone else. */
  ref: string;
  name?: string;
  mediaType?: string;
  bytes?: number;
  /** Why it was not kept, in words for the operator; left out where it was, or nobody has tried yet. */
  refused?: string;
}

/** A file of ours: fetched from a channel and kept, so that it can be shown at the desk and sent on. */
export interface StoredFile {
  id: number;
  /** Cleaned: no path, no control characters. */
  name: string;
  mediaType: string;
  bytes: number;
  /** Unguessable; `<PUBLIC_URL>/files/<token>/<name>` is where it is read. */
  token: string;
}

/** Whom a part was written by, for the people who read the transcript. */
export type Author = "customer" | "bot" | "operator";
