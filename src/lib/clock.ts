/** Where the time comes from. Edges take one, pure code takes a Date; tests hand in their own. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
