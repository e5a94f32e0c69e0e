import { liveUrl } from "./api.js";

const RETRY_MS = 2_000;

/**
 * Keeps one stream open on what `look()` says and hands every snapshot to `show`. `say(state, words)` tells how the
 * line to the server is: live | reconnecting | trouble. A page nobody looks at lets go of its stream: a browser opens
 * only six connections to one server, and every tab needs one for what it writes.
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
      // The browser tries again by itself unless the server refused; then we do.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    });
  }

  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  // An open stream does not notice that the network went; the browser does.
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
