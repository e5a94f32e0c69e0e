import { z } from "zod";

/** A file that came with a message; its bytes are fetched later, if at all (I5). */
export const Attachment = z.object({
  /** The adapter's handle for fetching it; opaque to all others. */
  ref: z.string(),
  name: z.string().exactOptional(),
  mediaType: z.string().exactOptional(),
  bytes: z.number().exactOptional(),
  /** The reason why it was not stored, in words for the operator; absent when it was stored or not yet tried. */
  refused: z.string().exactOptional(),
});
export type Attachment = z.infer<typeof Attachment>;

/** A file fetched from a channel and stored, so that it can be shown at the desk and sent on. */
export const StoredFile = z.object({
  id: z.number(),
  /** Cleaned: no path, no control characters. */
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number(),
  /** Unguessable; the file is served at `<PUBLIC_URL>/files/<token>/<name>`. */
  token: z.string(),
});
export type StoredFile = z.infer<typeof StoredFile>;

/** The author of a part, for readers of the transcript. */
export type Author = "customer" | "bot" | "operator";
