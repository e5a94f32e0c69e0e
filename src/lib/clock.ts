/** A source of the current time. Edges take a Clock, pure code takes a Date; tests pass their own. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
