import { fileURLToPath } from "node:url";

/** The bench's content folder. */
export const HOME = fileURLToPath(new URL("home", import.meta.url));
