/** Reads a content folder into memory. */
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import type { Diagnostic } from "../language/diagnostic.ts";
import type { FileLetter } from "../language/yaml-file.ts";
import { readRegularFile } from "../lib/regular-file.ts";
import { CONTENT_FOLDERS, isContentName, SCENARIO_FOLDER } from "./folders.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** Our choice: MAX_FILE_CHARACTERS in the longest encoding. */
const MAX_FILE_BYTES = 1_000_000;
/** Our choice: more than any desk has. */
const MAX_FILES = 1_000;

export interface ReadFolder {
  /** File texts by path with "/": "workflows/first-contact.yaml". */
  files: Readonly<Record<string, string>>;
  /** Files that could not be read. */
  diagnostics: readonly Diagnostic[];
}

/**
 * Reads `frontdesk.yaml` and the files of these folders; left out: `workflows`, `connectors` and `procedures`. Faults are
 * reported, never thrown.
 */
export async function readContent(home: string, folders: readonly string[] = CONTENT_FOLDERS): Promise<ReadFolder> {
  const diagnostics: Diagnostic[] = [];
  if (!(await isFolder(home)))
    return {
      files: {},
      diagnostics: [fileFault(SETTINGS_FILE, `there is no folder ${home}; name it with --home or FRONTDESK_HOME`)],
    };
  const paths = [
    SETTINGS_FILE,
    ...(await Promise.all(folders.map((folder) => listFiles(home, folder, diagnostics)))).flat(),
  ];
  if (paths.length > MAX_FILES)
    diagnostics.push(fileFault(SETTINGS_FILE, `the folder has ${paths.length} files; ${MAX_FILES} are read at most`));
  const files: [string, string][] = [];
  for (const path of paths.slice(0, MAX_FILES)) {
    const read = await readContentFile(home, path);
    if ("text" in read) files.push([path, read.text]);
    else diagnostics.push(fileFault(path, read.fault));
  }
  return { files: Object.fromEntries(files), diagnostics };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function listFiles(home: string, folder: string, diagnostics: Diagnostic[]): Promise<string[]> {
  try {
    const names = await readdir(join(home, folder));
    return names
      .filter((name) => isContentName(folder, name))
      .toSorted()
      .map((name) => `${folder}/${name}`);
  } catch (error) {
    // Each of the folders is optional.
    if (codeOf(error) !== "ENOENT") diagnostics.push(fileFault(folder, reason(error)));
    return [];
  }
}

/**
 * Reads one file of a home folder. A link is followed only to a content file of the same folder, as mounted volumes use:
 * faults quote the file's text, and a person who may create links may not be allowed to read every file that we can.
 */
async function readContentFile(home: string, path: string): Promise<{ text: string } | { fault: string }> {
  const file = join(home, path);
  try {
    const [real, folder] = await Promise.all([realpath(file), realpath(dirname(file))]);
    if (!real.startsWith(join(folder, sep)) || !isContentName(dirname(path), basename(real)))
      return { fault: "this link points out of its folder; put the file itself here" };
  } catch {
    // readTextFile reports the cause.
  }
  return readTextFile(file);
}

/** Reads a UTF-8 text file; returns a fault instead of throwing. */
export async function readTextFile(path: string): Promise<{ text: string } | { fault: string }> {
  try {
    const bytes = await readRegularFile(path, { maxBytes: MAX_FILE_BYTES });
    // The decoder drops a byte order mark, so that columns start at the first character.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? { fault: "the file contains a NUL character; save it as UTF-8 text" } : { text };
  } catch (error) {
    if (error instanceof TypeError) return { fault: "the file is not UTF-8; save it as UTF-8" };
    const dangling =
      codeOf(error) === "ENOENT" &&
      (await lstat(path).then(
        () => true,
        () => false,
      ));
    return { fault: dangling ? "this link is broken" : reason(error) };
  }
}

function reason(error: unknown): string {
  const code = codeOf(error);
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "this user may not read the file";
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error ? String(error.code) : null;
}

function fileFault(file: string, message: string): Diagnostic {
  return { file, line: 1, column: 1, code: `${letterOf(file)}001`, severity: "error", message };
}

function letterOf(file: string): FileLetter {
  if (file.startsWith("workflows")) return "W";
  if (file.startsWith("connectors")) return "C";
  if (file.startsWith(SCENARIO_FOLDER)) return "S";
  return file.startsWith("procedures") ? "P" : "F";
}
