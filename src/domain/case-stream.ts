/** Names the outbox stream that carries a case's card and entries to the desk, in order. */
export const caseStream = (conversation: number): string => `case:${conversation}`;
