/** Files to fetch. Fetching twice is harmless. */
import type { Db } from "../../store/db.ts";
import { refuseAttachment } from "../../store/files.ts";
import { retryUntilStored } from "../../store/retry-until-stored.ts";
import type { AskAnswer, FetchAsk } from "../core/ask.ts";
import { type AskHandler, mayLeave } from "./kind.ts";

/** Fetches and stores a file. */
export type FetchFile = (
  request: FetchAsk & { conversation: number; ask: string; signal: AbortSignal; mayLeave: () => boolean },
) => Promise<AskAnswer<"fetch">>;

export const fetchHandler = ({ db, fetch }: { db: Db; fetch: FetchFile }): AskHandler<"fetch"> => ({
  prepare: async (request) => ({
    effect: null,
    inFlightMs: null,
    async run(attempt) {
      const { ask, conversation } = attempt;
      const signal = AbortSignal.any([attempt.signal, attempt.fence.signal]);
      const result = await fetch({ ...request, conversation, ask, signal, mayLeave: () => mayLeave(attempt) });
      return { result, uncertain: false };
    },
    beforeGivenUp: (ask, message) =>
      retryUntilStored(() => refuseAttachment(db, { ask, ref: request.attachment.ref, message })),
  }),
});
