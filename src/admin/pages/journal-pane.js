/** What happened: every event in the order of handling, and beneath it what was decided and why. */
import { byId, clock, element, keepingEnd, showAll } from "./element.js";

/** Shows the journal of a snapshot. */
export function showJournal(view, { follow, following }) {
  const of = byId("journal-of");
  of.replaceChildren();
  if (view.journalOf !== null) {
    of.append(`#${view.journalOf.conversation}${view.journalOf.customer === "" ? "" : ` ${view.journalOf.customer}`}`);
    if (following !== null && view.journalOf.conversation !== view.conversation) {
      of.append(
        " ",
        element("button", { type: "button", class: "quiet small", onclick: () => follow(null) }, "Show my customer"),
      );
    }
  }
  byId("journal-empty").hidden = view.journal.length > 0;
  const older = byId("journal-older");
  older.hidden = !view.older.journal;
  older.textContent = `Earlier lines: npx frontdesk replay ${view.journalOf?.conversation ?? ""}`;
  keepingEnd(byId("journal-scroll"), () => showAll(byId("rows"), view.journal, { key: ({ id }) => id, make: row }));
}

function row({ seq, at, kind, message, lines }) {
  const waits = seq === null;
  return element(
    "li",
    { class: waits ? "row waits" : "row", "data-kind": kind },
    element("time", { datetime: at }, clock(at)),
    element("p", { class: "message" }, message),
    waits
      ? element("p", { class: "line" }, "waits to be handled…")
      : element(
          "ul",
          {},
          ...lines.map((line) => element("li", { class: "line", "data-code": line.code }, line.message)),
        ),
  );
}
