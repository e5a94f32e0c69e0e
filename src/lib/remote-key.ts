/**
 * Key of one of our rows in an outside system: an idempotency key, a metadata id. It includes the installation's id, so
 * that keys of a wiped or copied installation never match.
 */
export const remoteKey = (installation: string, id: string | number): string => `fd-${installation}-${id}`;
