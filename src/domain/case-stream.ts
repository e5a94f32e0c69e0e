/** The stream of the outbox in which a case's card and entries leave for the desk, in order. */
export const caseStream = (conversation: number): string => `case:${conversation}`;
