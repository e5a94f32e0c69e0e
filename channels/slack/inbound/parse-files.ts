/** Files that came with a message: what can be fetched is an attachment, what can't is said in words. */
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

/** Attachments are named by Slack's file id: the details may be missing (Slack Connect) and are looked up when fetched. */
export function readFiles(files: readonly File[]): { attachments: Attachment[]; words: string[] } {
  const attachments: Attachment[] = [];
  const words: string[] = [];
  for (const file of files) {
    const absent = missing(file);
    if (absent !== undefined) words.push(absent);
    else if (file.id !== undefined) attachments.push(attachment(file.id, file));
  }
  return { attachments, words };
}

/** Why a file is none of ours to fetch, as a line of the message; undefined: it can be fetched. */
function missing(file: File): string | undefined {
  if (file.mode === "tombstone") return line(file, ", which Slack does not keep any more");
  if (file.mode === "hidden_by_limit") return line(file, ", which Slack hides because the workspace is full");
  if (file.is_external === true || file.mode === "external") return linked(file);
  return file.id === undefined ? line(file, ", which Slack did not say where to find") : undefined;
}

/** It lies with another service (Google Drive), which does not know us. */
function linked(file: File): string {
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
