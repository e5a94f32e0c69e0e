/** Which files of a home folder are content. */

/** Folders whose YAML files are content, beside `frontdesk.yaml`. */
export const CONTENT_FOLDERS = ["workflows", "connectors"] as const;

/** Whether a name in one of them is content. Editors leave files of their own beside the one they save. */
export const isContentName = (name: string): boolean => /^[^.#~].*\.ya?ml$/i.test(name);
