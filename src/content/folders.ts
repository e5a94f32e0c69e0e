/** Names of the content files in a home folder. */

/** Folders of content files, beside `frontdesk.yaml`. */
export const CONTENT_FOLDERS = ["workflows", "connectors"] as const;

/** True when a file name in one of them is content; editors leave backup and lock files beside it. */
export const isContentName = (name: string): boolean => /^[^.#~].*\.ya?ml$/i.test(name);
