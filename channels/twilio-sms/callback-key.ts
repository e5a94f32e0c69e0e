/**
 * The key of a part in the URL of its status callbacks. Twilio has no idempotency keys and can't be asked for one; it calls
 * this URL as given, and signs it, so that a message whose send got no answer is known by its first callback.
 */
const KEY = "key";

export const withKey = (callback: string, key: string): string => `${callback}?${KEY}=${encodeURIComponent(key)}`;

/** Returns the key in the URL that Twilio called; null: none, as in callbacks of earlier builds. */
export function keyOf(url: string | undefined): string | null {
  if (url === undefined || !URL.canParse(url)) return null;
  const key = new URL(url).searchParams.get(KEY);
  return key === "" ? null : key;
}
