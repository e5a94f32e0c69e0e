/**
 * The name under which another system may remember something of ours: an idempotency key, a metadata id. It holds the
 * database's own name, so that a key of a wiped or copied installation is never taken for one of this.
 */
export const remoteKey = (installation: string, id: string | number): string => `fd-${installation}-${id}`;
