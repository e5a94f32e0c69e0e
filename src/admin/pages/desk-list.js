/** The list of queues with their cases, and of conversations that the bot holds. */
import { byId, element, since } from "./element.js";

/** Draws the list; `open(conversation)` opens a case, `takeOver(conversation)` takes one over from the bot. */
export function showList(view, { opened, open, takeOver }) {
  const nav = byId("cases");
  const text = JSON.stringify([
    view.queues,
    view.withBot,
    view.older.cases,
    opened,
    view.conversation,
    Math.floor(Date.now() / 60_000),
  ]);
  if (nav.dataset.item === text) return;
  nav.dataset.item = text;
  const focused = nav.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  const at = nav.scrollTop;
  const look = { opened, open, mine: view.conversation };
  nav.replaceChildren(
    ...view.queues.map((queue) => queueBlock(queue, look)),
    botBlock(view.withBot, { ...look, takeOver }),
    solvedBlock(view.queues, look),
    view.older.cases ? element("p", { class: "older" }, "Only the most recent ones are shown.") : "",
  );
  nav.scrollTop = at;
  if (focused !== undefined) nav.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

const working = ({ status }) => status !== "solved" && status !== "with the bot";

function queueBlock({ id, title, cases }, look) {
  const open = cases.filter(working).sort(byUrgency);
  return element(
    "section",
    { class: "queue", "aria-labelledby": `queue-${id}` },
    element("h3", { id: `queue-${id}` }, title, element("span", { class: "count" }, String(open.length))),
    open.length === 0
      ? element("p", { class: "none" }, "Nobody is waiting")
      : element("ul", {}, ...open.map((card) => element("li", {}, cardButton(card, look)))),
  );
}

const URGENCY = ["urgent", "high", "normal", "low"];

/** Sorts by urgency, then by waiting time. */
function byUrgency(one, other) {
  return (
    URGENCY.indexOf(one.priority) - URGENCY.indexOf(other.priority) ||
    (one.waitingSince ?? "9").localeCompare(other.waitingSince ?? "9")
  );
}

function cardButton(card, { opened, open, mine }) {
  const { conversation, customer, status, holder, waitingSince, priority } = card;
  const state = holder === null ? statusWords(card) : `${holder.name} · ${statusWords(card)}`;
  return element(
    "button",
    {
      type: "button",
      class: "card",
      "data-status": status,
      "data-priority": priority,
      "data-focus": `card-${conversation}`,
      "aria-current": conversation === opened ? "true" : null,
      onclick: () => open(conversation),
    },
    element("strong", {}, customer),
    element("span", { class: "card-reason" }, card.summary ?? card.reason),
    element(
      "span",
      { class: "card-state" },
      conversation === mine && element("em", {}, "your customer"),
      priority === "normal" || priority === "low" ? null : element("b", {}, priority),
      state,
      waitingSince !== null && ` · waiting ${since(waitingSince)}`,
    ),
  );
}

const statusWords = ({ status, holder }) => (status === "new" && holder === null ? "not claimed" : status);

function botBlock(conversations, { takeOver, mine }) {
  const one = ({ conversation, customer, channel, lastText }) =>
    element(
      "li",
      { class: "bot-held" },
      element("strong", {}, customer || "A customer"),
      element("span", { class: "last" }, lastText),
      element(
        "span",
        { class: "card-state" },
        element("span", {}, conversation === mine && element("em", {}, "your customer"), channel),
        element(
          "button",
          {
            type: "button",
            class: "quiet small",
            "data-focus": `take-${conversation}`,
            "aria-label": `Take over from the bot: ${customer || "a customer"}`,
            onclick: () => takeOver(conversation),
          },
          "Take over",
        ),
      ),
    );
  return element(
    "section",
    { class: "queue", "aria-labelledby": "queue-bot" },
    element(
      "h3",
      { id: "queue-bot" },
      "With the bot",
      element("span", { class: "count" }, String(conversations.length)),
    ),
    conversations.length === 0
      ? element("p", { class: "none" }, "No conversation is open")
      : element("ul", {}, ...conversations.map(one)),
  );
}

function solvedBlock(queues, look) {
  const solved = queues.flatMap(({ cases }) => cases).filter(({ status }) => status === "solved");
  if (solved.length === 0) return "";
  return element(
    "section",
    { class: "queue", "aria-labelledby": "queue-solved" },
    element("h3", { id: "queue-solved" }, "Solved", element("span", { class: "count" }, String(solved.length))),
    element("ul", {}, ...solved.map((card) => element("li", {}, cardButton(card, look)))),
  );
}
