import { fileURLToPath } from "node:url";

/** The content folder that the bench runs. */
export const HOME = fileURLToPath(new URL("home", import.meta.url));
