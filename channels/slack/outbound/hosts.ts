/** True when a URL may get a file or our token: Slack over https, or its replacement (`origin`, from api_url). */
export function isSlackHost(url: string, origin: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin: here, username, password } = new URL(url);
  if (username !== "" || password !== "") return false;
  if (here === new URL(origin).origin) return true;
  return protocol === "https:" && (hostname === "slack.com" || hostname.endsWith(".slack.com"));
}
