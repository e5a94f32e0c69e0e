import { fileURLToPath } from "node:url";

/** The bench's content folder. */
export const HOME = fileURLToPath(new URL("home", import.meta.url));

/** The one of `procedures`, with a model. */
export const WAITING_HOME = fileURLToPath(new URL("waiting-home", import.meta.url));

/** The example company's folder. */
export const EXAMPLE_HOME = fileURLToPath(new URL("..", import.meta.url));
