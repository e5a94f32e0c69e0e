import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

export interface PageFile {
  body: string;
  contentType: string;
}

/** Reads the pages' files by name; only these can be requested. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  const folder = new URL("pages/", import.meta.url);
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder)) {
    const contentType = TYPES[extname(name)];
    if (contentType !== undefined) files.set(name, { body: readFileSync(new URL(name, folder), "utf8"), contentType });
  }
  return files;
}
