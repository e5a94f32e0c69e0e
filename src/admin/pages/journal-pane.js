/** The journal: every event in handling order, with the decisions about it and their reasons. */
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
  older.textContent = "Earlier lines are not shown here.";
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
      ? element("p", { class: "line" }, "waiting to be handled…")
      : element(
          "ul",
          {},
          ...lines.map((line) => element("li", { class: "line", "data-code": line.code }, line.message)),
        ),
  );
}
