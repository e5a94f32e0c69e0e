import { liveUrl } from "./api.js";

const RETRY_MS = 2_000;

/**
 * Keeps a stream open for the view of `look()` and passes every snapshot to `show`. `say(state, text)` reports the state of
 * the connection: live | reconnecting | trouble. A hidden page closes its stream: a browser opens only six connections to
 * one server, and every tab needs one for its writes.
 */
export function keepLive({ look, show, say }) {
  let source = null;
  let retry = 0;

  function open() {
    close();
    if (document.hidden) return;
    source = new EventSource(liveUrl(look()));
    source.addEventListener("view", (event) => {
      say("live", "Live");
      show(JSON.parse(event.data));
    });
    source.addEventListener("trouble", (event) => say("trouble", JSON.parse(event.data).message));
    source.addEventListener("error", () => {
      say("reconnecting", "Reconnecting…");
      // The browser reconnects by itself unless the server refused.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    });
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  // An open stream does not notice a lost network; the browser does.
  addEventListener("offline", () => {
    close();
    say("reconnecting", "No network. Waiting for it…");
  });
  addEventListener("online", open);
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
  return { again: open };
}
