import type { Desk, DeskKind } from "../../src/desk/desk.ts";
import type { CaseCard } from "../../src/domain/case.ts";
import { caseStream } from "../../src/domain/case-stream.ts";
import { remoteId, threadId } from "../../src/domain/ids.ts";

/**
 * The desk of the playground page. The page reads the desk's sent parts from the outbox, so every send succeeds at once, and
 * a repeated one is shown once. Everyone who can open the page works at this desk.
 */
export const playgroundDesk: DeskKind = { membership: "everyone", open: async () => desk };

const desk: Desk = {
  card: async (_thread, card) => threadId(threadOf(card)),
  post: async (_thread, _entries, { key }) => remoteId(`pg:${key}`),
  deliveryStatus: async (_thread, _mark, { key }) => remoteId(`pg:${key}`),
  file: async (_thread, _file, { key }) => remoteId(`pg:${key}`),
  hint: async (_thread, { key }) => remoteId(`pg:${key}`),
  reconcile: async () => "not-sent",
};

const threadOf = ({ conversation }: CaseCard): string => caseStream(conversation);
