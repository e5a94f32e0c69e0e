import { randomInt } from "node:crypto";

/** Largest value of the column `claimed_by`. */
const MAX = 2_147_483_647;

/**
 * A number for this process, drawn at its start. Rows that it works on carry it, and its first log line names it, so that
 * people can tell who was at work when something stood still.
 */
export const PROCESS_NUMBER = randomInt(1, MAX);
