import type { Desk, DeskKind, DeskOptions } from "../../src/desk/desk.ts";
import type { CaseCard } from "../../src/domain/case.ts";
import { caseStream } from "../../src/domain/case-stream.ts";
import { type RemoteId, remoteId, threadId } from "../../src/domain/ids.ts";

/**
 * The desk of the playground page. The page reads the desk's sent parts from the outbox, so every send succeeds at once, and
 * a repeated one is shown once. Everyone who can open the page works at this desk.
 */
export const playgroundDesk: DeskKind = { membership: "everyone", open: async () => desk };

const desk: Desk = {
  async card(_thread, card, { leaving }) {
    leaving();
    return threadId(threadOf(card));
  },
  post: async (_thread, _entries, o) => shown(o),
  deliveryStatus: async (_thread, _mark, o) => shown(o),
  file: async (_thread, _file, o) => shown(o),
  hint: async (_thread, o) => shown(o),
  reconcile: async () => "not-sent",
};

function shown({ key, leaving }: DeskOptions): RemoteId {
  leaving();
  return remoteId(`pg:${key}`);
}

const threadOf = ({ conversation }: CaseCard): string => caseStream(conversation);
