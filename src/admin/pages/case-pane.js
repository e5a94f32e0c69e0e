/** One case: its card, its thread, the operator's actions, and the text box. */
import { byId, clock, element, fits, keepingEnd, sendOnEnter, showAll, since } from "./element.js";

/** `send(command)` acts on the open case and resolves to true on success; `me()` returns the operator. */
export function casePane({ send, me, close }) {
  const pane = byId("case");
  const card = element("div", { class: "case-card" });
  const log = element("ol", { class: "entries", role: "log", "aria-label": "The case's thread" });
  const about = element("div", { class: "case-about" });
  const older = element("p", { class: "older" }, "Earlier lines are not shown here.");
  const box = element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Thread" },
    about,
    older,
    log,
  );
  const hint = element("p", { class: "hint", role: "status" });
  const field = element("textarea", {
    id: "case-text",
    rows: "1",
    placeholder: "Write in this case",
    enterkeyhint: "send",
  });
  const rule = element("p", { class: "rule", id: "case-rule" });
  field.setAttribute("aria-describedby", "case-rule");
  let shown = null;
  /** Hints up to this id were shown before this operator's last action. */
  let seenHint = null;
  let lastHint = 0;

  const act = (command) => {
    seenHint = lastHint;
    hint.textContent = "";
    return send(command);
  };

  const say = async (how) => {
    const text = field.value;
    if (text.trim() === "" || !fits(field)) return field.focus();
    if (await act({ kind: how, text })) {
      if (field.value === text) field.value = "";
      field.focus();
    }
  };
  sendOnEnter(field, () => say("say"));
  const button = (label, how, kind) =>
    element("button", { type: "button", class: kind, onclick: () => say(how) }, label);
  const write = element(
    "div",
    { class: "case-write" },
    hint,
    element("label", { class: "hidden", for: "case-text" }, "Write in this case"),
    field,
    rule,
    element(
      "div",
      { class: "case-buttons" },
      button("Send", "say", "main"),
      button("Reply to customer", "reply", "quiet"),
      button("Note", "note", "quiet note"),
    ),
  );

  function empty(waiting) {
    shown = null;
    const lines = waiting
      ? ["Choose a case to see its thread.", "Claim it to write to the customer."]
      : ["No cases yet.", "When the bot hands a conversation off, its case appears in a queue."];
    pane.replaceChildren(element("div", { class: "empty" }, ...lines.map((text) => element("p", {}, text))));
  }

  function showHint(hints) {
    lastHint = hints.at(-1)?.id ?? 0;
    seenHint ??= lastHint;
    const latest = hints.filter(({ id, operator }) => id > seenHint && operator === me().id).at(-1);
    const text = latest === undefined ? "" : latest.text;
    if (hint.textContent !== text) hint.textContent = text;
  }

  function show(view) {
    const { queues } = view;
    if (view.thread === null) return empty(queues.some(({ cases }) => cases.length > 0));
    const { thread } = view;
    const opening = shown !== thread.card.conversation;
    if (opening) {
      shown = thread.card.conversation;
      seenHint = null;
      field.value = "";
      log.replaceChildren();
      pane.replaceChildren(card, box, write);
    }
    // All of these may resize the thread, so its scroll position is kept around all of them.
    keepingEnd(box, () => {
      showAll(
        card,
        [
          {
            card: thread.card,
            me: me(),
            queues: queues.map(nameOf),
            manual: view.manual,
            minute: Math.floor(Date.now() / 60_000),
          },
        ],
        {
          key: () => "card",
          make: (item) => cardHead(item, { act, close }),
        },
      );
      write.hidden = thread.card.status === "solved";
      showAll(about, [thread.card], { key: () => "about", make: aboutCase });
      older.hidden = !view.older.thread;
      rule.textContent = ruleWords(thread.card, me());
      showHint(view.hints);
      showAll(log, thread.entries, { key: ({ id }) => id, make: (item) => entry(item, act) });
    });
    if (opening) box.scrollTop = box.scrollHeight;
  }

  empty(false);
  return { show, showing: () => shown };
}

const nameOf = ({ id, title }) => ({ id, title });

/** Explains what "Send" will do for this operator; the server decides. */
function ruleWords({ holder, customer, status }, me) {
  if (status === "with the bot") return "The bot holds this conversation. Take over to write to the customer.";
  if (holder?.id === me.id)
    return `You hold this case: your messages go to ${customer}. Begin with // or “Note:” to keep one inside.`;
  const who = holder === null ? "Nobody holds this case" : `${holder.name} holds this case`;
  return `${who}: your messages stay inside.`;
}

function cardHead({ card, me, queues, manual }, { act, close }) {
  const { customer, channel, status, holder, priority, waitingSince, trust } = card;
  return element(
    "div",
    {},
    element(
      "div",
      { class: "case-title" },
      element("button", { type: "button", class: "quiet small back", onclick: close }, "All cases"),
      element("h3", {}, customer),
      element("span", { class: "via" }, channel),
      element("span", { class: "pill", "data-status": status }, status),
      priority !== "normal" && element("span", { class: "pill", "data-priority": priority }, priority),
    ),
    trust === "spoof_suspect" && element("p", { class: "reason" }, "Their address may be forged: verify who they are."),
    element(
      "p",
      { class: "held" },
      holder === null ? "Nobody holds it" : holder.id === me.id ? "You hold it" : `${holder.name} holds it`,
      waitingSince !== null && ` · the customer has waited ${since(waitingSince)}`,
    ),
    actions(card, { me, queues, manual, act }),
  );
}

/** Explains where replies go in a case about a message that its author did not send to us. */
function repliesGo({ author, place, told }) {
  const first = told ? "Replies go" : `${author} does not know about this case. The first reply goes`;
  return `${first} to ${place}, where everybody can read it.`;
}

/** The reason for the case and its facts, at the top of the thread. */
function aboutCase({ reason, about, summary, facts, tags }) {
  const known = [...facts, ...(tags.length > 0 ? [{ label: "Tags", value: tags.join(", ") }] : [])];
  return element(
    "div",
    {},
    element("p", { class: "reason" }, reason),
    about && element("p", { class: "reason" }, repliesGo(about)),
    summary !== null && element("p", { class: "summary" }, summary),
    known.length > 0 &&
      element("dl", {}, ...known.flatMap(({ label, value }) => [element("dt", {}, label), element("dd", {}, value)])),
  );
}

function actions({ status, holder, queue }, { me, queues, manual, act }) {
  const button = (label, what, kind = "quiet") =>
    element("button", { type: "button", class: kind, "data-focus": what, onclick: () => act({ kind: what }) }, label);
  if (status === "solved") return "";
  if (status === "with the bot") return element("div", { class: "actions" }, button("Take over", "take_over", "main"));
  const mine = holder?.id === me.id;
  return element(
    "div",
    { class: "actions", role: "group", "aria-label": "What to do with the case" },
    holder === null && button("Claim", "claim", "main"),
    holder !== null && !mine && button("Take over", "take_over", "main"),
    mine && button("Unclaim", "unclaim"),
    button("Hand back to bot", "hand_back"),
    button("Resolve", "resolve"),
    queues.length > 1 &&
      choice("Move to another queue", "Move to…", {
        among: queues.filter(({ id }) => id !== queue),
        chosen: (id) => act({ kind: "transfer", queue: id }),
      }),
    manual.length > 0 &&
      choice("Run a workflow", "Run…", { among: manual, chosen: (id) => act({ kind: "run", workflow: id }) }),
  );
}

/** A select that acts at once and resets to its name. */
function choice(label, name, { among, chosen }) {
  const change = (event) => {
    const { value } = event.target;
    event.target.value = "";
    if (value !== "") void chosen(value);
  };
  return element(
    "select",
    { "aria-label": label, "data-focus": label, onchange: change },
    element("option", { value: "" }, name),
    ...among.map(({ id, title }) => element("option", { value: id }, title)),
  );
}

function entry({ kind, author, text, at, internal, detail, state, mark, url, files = [], channel }, act) {
  if (kind === "system") {
    return element(
      "li",
      { class: "entry system" },
      element("p", {}, text),
      element("time", { datetime: at }, clock(at)),
    );
  }
  return element(
    "li",
    { class: `entry ${kind}${internal ? " internal" : ""}` },
    element(
      "p",
      { class: "by" },
      element("strong", {}, author),
      channel !== undefined && element("span", { class: "via" }, channel),
      internal && element("span", { class: "inside" }, "internal, stays inside"),
      element("time", { datetime: at }, clock(at)),
    ),
    element("p", { class: "text" }, url === null ? text : element("a", { href: url, download: text }, text)),
    ...files.map((name) => element("p", { class: "file" }, `File: ${name}`)),
    mark !== null && markOf(mark, act),
    detail !== null && element("small", { class: "delivery", "data-state": state }, detail),
  );
}

const ANSWERS = {
  on_hold: ["Send to customer", "Keep inside"],
  correction: ["Send correction", "Leave it"],
};

/** The status of an operator's text, with its question as buttons. */
function markOf({ ref, message, question }, act) {
  const [send, keep] = ANSWERS[question] ?? [];
  const button = (label, what) =>
    element("button", { type: "button", class: "quiet small", onclick: () => act({ kind: what, ref }) }, label);
  return element(
    "div",
    { class: "mark" },
    element("small", {}, message),
    question !== null && button(send, "send_held"),
    question !== null && button(keep, "keep_held"),
  );
}
