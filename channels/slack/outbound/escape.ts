/**
 * Escapes Slack's control characters in `text` and mrkdwn: these three and no others (docs.slack.dev, "formatting message
 * text"). That stops `<!channel>`, `<@U1>` and `<https://evil|bank>`; plain "@here" and "#general" stay as they are, so
 * `text` is sent with `parse: "none"` and without `link_names`.
 */
export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Reverses `escape`. */
export const unescaped = (escaped: string): string =>
  escaped.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Returns the length of the escaped text, which Slack may count. */
export const escapedLength = (text: string): number => escape(text).length;

/** Cuts an escaped text to `max`, neither within an entity nor within a surrogate pair. */
export function cutEscaped(escaped: string, max: number): string {
  if (escaped.length <= max) return escaped;
  return escaped.slice(0, max).replace(/(?:&[a-z]{0,3}|[\uD800-\uDBFF])$/, "");
}
