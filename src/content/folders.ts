/** Names of the content files in a home folder. */

/** Folders of content files, beside `frontdesk.yaml`. */
export const CONTENT_FOLDERS = ["workflows", "connectors", "procedures"] as const;

/** Scenarios stand beside the content and are no part of a release. */
export const SCENARIO_FOLDER = "scenarios";

/** True when a file name in one of these folders is content; editors leave backup and lock files beside it. */
export function isContentName(folder: string, name: string): boolean {
  if (folder === "procedures" || folder === SCENARIO_FOLDER)
    return /^[^.#~].*\.md$/i.test(name) && name.toLowerCase() !== "readme.md";
  return /^[^.#~].*\.ya?ml$/i.test(name);
}
