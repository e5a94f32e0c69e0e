/** Columns that the tables share. */
import { bigint, timestamp } from "drizzle-orm/pg-core";

export const identity = () => bigint({ mode: "number" }).primaryKey().generatedByDefaultAsIdentity();
export const reference = () => bigint({ mode: "number" });
export const timestamptz = () => timestamp({ withTimezone: true, mode: "date" });
