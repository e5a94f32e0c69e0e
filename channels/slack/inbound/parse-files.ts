/** Parses the files of a message: one that can be fetched is an attachment, others become a line of text. */
import { z } from "zod";
import type { Attachment } from "../../../src/domain/message.ts";
import { maybe, maybeText } from "./json.ts";

export const File = z.object({
  id: maybe(z.string().regex(/^[A-Za-z0-9]{1,64}$/)),
  name: maybeText,
  title: maybeText,
  mimetype: maybeText,
  size: maybe(z.number().nonnegative()),
  mode: maybeText,
  is_external: maybe(z.boolean()),
  external_url: maybeText,
  url_private: maybeText,
});
export type File = z.infer<typeof File>;

/** Returns attachments by Slack's file id; their details may be missing (Slack Connect) and are read when fetched. */
export function readFiles(files: readonly File[]): { attachments: Attachment[]; words: string[] } {
  const attachments: Attachment[] = [];
  const words: string[] = [];
  for (const file of files) {
    const absent = unavailableLine(file);
    if (absent !== undefined) words.push(absent);
    else if (file.id !== undefined) attachments.push(attachment(file.id, file));
  }
  return { attachments, words };
}

/** Returns a line about a file that can't be fetched; undefined: it can. */
function unavailableLine(file: File): string | undefined {
  if (file.mode === "tombstone") return line(file, ", which Slack no longer has");
  if (file.mode === "hidden_by_limit") return line(file, ", which Slack hides because the workspace is full");
  if (file.is_external === true || file.mode === "external") return externalLine(file);
  return file.id === undefined ? line(file, ", for which Slack gave no id") : undefined;
}

/** Returns a line about a file at another service (Google Drive), to which we have no access. */
function externalLine(file: File): string {
  const url = [file.external_url, file.url_private].find((one) => one !== undefined && /^https?:\/\//i.test(one));
  return url === undefined ? line(file, ", which is kept outside Slack") : `${line(file, "")} ${url}`;
}

function line(file: File, message: string): string {
  const name = nameOf(file);
  return `[file${name === undefined ? "" : `: ${name}`}${message}]`;
}

function attachment(ref: string, file: File): Attachment {
  const name = nameOf(file);
  return {
    ref,
    ...(name === undefined ? {} : { name }),
    ...(file.mimetype === undefined ? {} : { mediaType: file.mimetype }),
    ...(file.size === undefined ? {} : { bytes: file.size }),
  };
}

const nameOf = ({ name, title }: File): string | undefined =>
  [name, title].find((one) => one !== undefined && one !== "");
