import type { ProcedureSentences } from "../run.ts";

/** The sentences that only procedures say; each language has them all. */
export type OwnSentences = Omit<ProcedureSentences, "yes" | "no" | "person">;
