/** The playground: keeps the page's customer, operator and view, and passes every snapshot to the three panes. */
import * as api from "./api.js";
import { casePane } from "./case-pane.js";
import { customerPane } from "./customer-pane.js";
import { showList } from "./desk-list.js";
import { byId, element } from "./element.js";
import { showJournal } from "./journal-pane.js";
import { keepLive } from "./live.js";
import { tabs } from "./tabs.js";

/** Time for which an alert at the desk is shown. */
const ALERT_MS = 8_000;

async function start() {
  const given = await waitForSetup();
  const pane = tabs();
  const me = meAtDesk(given.operators);
  /** The page's view, stored in the URL, so that a reload keeps it and a new tab is a new customer. */
  const at = readPlace(given);
  let latest = null;
  /** Number of snapshots that the stream has brought. */
  let streamed = 0;

  const look = () => ({ channel: at.channel, thread: at.thread, openCase: at.openCase, journal: at.journal });
  /** Shows a snapshot at once. It may be older than one that the stream brings meanwhile, and is then dropped. */
  const refresh = async () => {
    const asked = JSON.stringify(look());
    const before = streamed;
    const seen = await api.view(look());
    if (asked === JSON.stringify(look()) && streamed === before) show(seen);
  };
  /** After a write as the customer, shows their own journal. */
  const wrote = () => (at.journal === null || at.journal === latest?.conversation ? refresh() : go({ journal: null }));
  const phone = customerPane({ customer: () => at, wrote });
  const opened = casePane({ send: (command) => actOn(at.openCase, command), me, close: () => go({ openCase: null }) });
  const follow = (view) => {
    streamed += 1;
    show(view);
  };
  const line = keepLive({ look, show: follow, say: sayLine });

  function show(view) {
    markNews(latest, view, pane);
    latest = view;
    phone.show(view);
    showList(view, { opened: at.openCase, open: openCase, takeOver });
    byId("desk-body").dataset.showing = view.thread === null ? "list" : "case";
    opened.show(view);
    showJournal(view, { following: at.journal, follow: (journal) => go({ journal }) });
  }

  async function actOn(conversation, command) {
    try {
      await api.act({ id: api.newId(), conversation, operator: me(), command });
      await refresh();
      return true;
    } catch (error) {
      alertDesk(error.message);
      return false;
    }
  }

  const openCase = async (conversation) => {
    await go({ openCase: conversation, journal: conversation });
    // Without a mouse, focus would open an on-screen keyboard over the case.
    if (matchMedia("(hover: hover)").matches) byId("case").querySelector("textarea")?.focus();
  };
  const takeOver = async (conversation) => {
    if (await actOn(conversation, { kind: "take_over" })) await openCase(conversation);
  };

  /** Changes the view. */
  function go(change) {
    const other = "thread" in change || "channel" in change;
    Object.assign(at, other ? { journal: null } : {}, change);
    writePlace(at);
    if (other) {
      phone.clear();
      showPhone(given, at);
    }
    latest = null;
    line.again();
    return refresh().catch((error) => alertDesk(error.message));
  }

  chooseLook(given, at, go);
  chooseCustomer(given, at, go);
  showPhone(given, at);
  byId("operator").addEventListener("change", () => latest !== null && show(latest));
}

const SETUP_RETRY_MS = 2_000;

/** Retries until the server is up. */
async function waitForSetup() {
  for (;;) {
    try {
      return await api.setup();
    } catch (error) {
      sayLine("trouble", error.message);
      await new Promise((resolve) => setTimeout(resolve, SETUP_RETRY_MS));
    }
  }
}

function meAtDesk(operators) {
  const select = byId("operator");
  select.append(...operators.map(({ id, name }) => element("option", { value: id }, name)));
  select.value = sessionStorage.getItem("operator") ?? operators[0].id;
  if (select.value === "") select.value = operators[0].id;
  select.addEventListener("change", () => sessionStorage.setItem("operator", select.value));
  return () => operators.find(({ id }) => id === select.value);
}

function readPlace({ channels, customers }) {
  const kept = new URLSearchParams(location.hash.slice(1));
  // A card's link contains its conversation.
  const linked = new URLSearchParams(location.search).get("conversation");
  const number = (name) => {
    const text = kept.get(name) ?? linked ?? "";
    return /^[1-9]\d*$/.test(text) ? Number(text) : null;
  };
  const channel = channels.some(({ name }) => name === kept.get("channel")) ? kept.get("channel") : channels[0].name;
  const thread = kept.get("thread") || api.newId();
  const at = {
    channel,
    thread,
    ...personOf(customers, kept),
    openCase: number("case"),
    journal: number("journal"),
  };
  writePlace(at);
  return at;
}

/** Returns an example customer by id, or a typed name. */
function personOf(customers, kept) {
  const typed = kept.get("name");
  const chosen = customers.find(({ id }) => id === kept.get("as")) ?? (typed ? undefined : customers[0]);
  return { as: chosen?.id ?? null, name: chosen?.name ?? typed };
}

function writePlace({ channel, thread, as, name, openCase, journal }) {
  const kept = new URLSearchParams({ channel, thread, name });
  if (as !== null) kept.set("as", as);
  if (openCase !== null) kept.set("case", openCase);
  if (journal !== null) kept.set("journal", journal);
  history.replaceState(null, "", `${location.pathname}#${kept}`);
}

function showPhone({ channels }, { channel }) {
  const { look, title } = channels.find(({ name }) => name === channel);
  byId("phone").dataset.look = look;
  byId("phone-channel").textContent = title;
}

/** Draws one radio button per playground channel. All use the same thread, so switching back finds it again. */
function chooseLook({ channels }, at, go) {
  byId("looks").append(
    ...channels.map(({ name, look, title }) =>
      element(
        "label",
        { title },
        element("input", {
          type: "radio",
          name: "look",
          value: name,
          checked: name === at.channel,
          onchange: () => go({ channel: name }),
        }),
        element("span", {}, look === "sms" ? "SMS" : "Buttons"),
      ),
    ),
  );
}

const OTHER = "";

function chooseCustomer({ customers }, at, go) {
  const select = byId("customer-name");
  const field = byId("other-name");
  select.append(
    ...customers.map(({ id, label }) => element("option", { value: id }, label)),
    element("option", { value: OTHER }, "Someone else"),
  );
  const known = at.as !== null;
  select.value = at.as ?? OTHER;
  field.value = known ? "" : at.name;
  byId("other-name-field").hidden = known;
  const chosen = () => customers.find(({ id }) => id === select.value);
  const name = () => chosen()?.name ?? (field.value.trim() || "Someone");
  const begin = () => go({ thread: api.newId(), as: chosen()?.id ?? null, name: name() });
  select.addEventListener("change", () => {
    byId("other-name-field").hidden = select.value !== OTHER;
    begin();
    if (select.value === OTHER) field.focus();
  });
  field.addEventListener("change", begin);
  byId("new-customer").addEventListener("click", () => {
    begin();
    byId("customer-text").focus();
  });
}

const size = (list) => list.length;

/** Marks the panes with something new. */
function markNews(before, view, pane) {
  if (before === null) return;
  if (size(view.customer) > size(before.customer)) pane.news("customer");
  const entries = (one) => size(one.queues.flatMap(({ cases }) => cases)) + size(one.thread?.entries ?? []);
  if (entries(view) > entries(before)) pane.news("desk");
  if (size(view.journal) > size(before.journal)) pane.news("journal");
}

function sayLine(state, words) {
  const link = byId("link");
  link.dataset.state = state;
  if (link.textContent !== words) link.textContent = words;
}

let alertEnds = 0;

function alertDesk(words) {
  const alert = byId("desk-alert");
  alert.textContent = words;
  alert.hidden = false;
  clearTimeout(alertEnds);
  alertEnds = setTimeout(() => {
    alert.hidden = true;
  }, ALERT_MS);
}

await start();
