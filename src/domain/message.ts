/** A file that came with a message; its bytes are fetched later, if at all (I5). */
export interface Attachment {
  /** The adapter's handle for fetching it; opaque to all others. */
  ref: string;
  name?: string;
  mediaType?: string;
  bytes?: number;
  /** The reason why it was not stored, in words for the operator; absent when it was stored or not yet tried. */
  refused?: string;
}

/** A file fetched from a channel and stored, so that it can be shown at the desk and sent on. */
export interface StoredFile {
  id: number;
  /** Cleaned: no path, no control characters. */
  name: string;
  mediaType: string;
  bytes: number;
  /** Unguessable; the file is served at `<PUBLIC_URL>/files/<token>/<name>`. */
  token: string;
}

/** The author of a part, for readers of the transcript. */
export type Author = "customer" | "bot" | "operator";
