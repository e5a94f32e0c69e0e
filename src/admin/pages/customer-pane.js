/** The customer's phone: received and written messages, and the buttons of the open prompt. */
import { newId, write } from "./api.js";
import { byId, clock, element, fits, keepingEnd, sendOnEnter, showAll } from "./element.js";

/** Suggestions shown before the first message. */
const TRIES = ["Hi, I need some help", "I was charged twice this month", "I can't get into my account"];

/** `customer()` returns {channel, thread, as, name}. `wrote()` refreshes after a message was stored. */
export function customerPane({ customer, wrote }) {
  /** Messages not yet in a snapshot: {id, text, body, failed}. */
  let pending = [];
  let openPrompt = null;
  const box = byId("customer-scroll");
  const field = byId("customer-text");

  byId("tries").append(
    ...TRIES.map((text) => element("button", { type: "button", class: "try", onclick: () => send({ text }) }, text)),
  );
  const submit = () => {
    if (field.value.trim() === "" || !fits(field)) return;
    send({ text: field.value });
    field.value = "";
  };
  byId("customer-form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  sendOnEnter(field, submit);

  function send(message) {
    const { channel, thread, as, name } = customer();
    const body = { id: newId(), channel, thread, name, ...(as === null ? {} : { as }), ...message };
    pending = [...pending, { id: body.id, text: message.text ?? message.label, body, failed: null }];
    // Without a mouse, focus would open an on-screen keyboard over the answer.
    if (matchMedia("(hover: hover)").matches) field.focus();
    void deliver(body);
  }

  async function deliver(body) {
    update(body.id, { failed: null });
    box.scrollTop = box.scrollHeight;
    try {
      await write(body);
      await wrote();
      pending = pending.filter(({ id }) => id !== body.id);
      showPending();
    } catch (error) {
      update(body.id, { failed: error.message });
    }
  }

  function update(id, change) {
    pending = pending.map((one) => (one.id === id ? { ...one, ...change } : one));
    showPending();
  }

  function showPending() {
    const here = pending.filter(({ body }) => body.channel === customer().channel && body.thread === customer().thread);
    keepingEnd(box, () =>
      showAll(byId("pending"), here, { key: ({ id }) => id, make: (one) => waiting(one, () => deliver(one.body)) }),
    );
    if (here.length > 0) byId("customer-empty").hidden = true;
  }

  const isOpen = ({ promptId }) => promptId !== null && promptId === openPrompt;

  function bubble(message) {
    const mine = message.author === "customer";
    const who = mine ? "You" : message.author === "operator" ? `${message.name || "A person"}, a person` : "Bot";
    return element(
      "li",
      { class: mine ? "bubble mine" : `bubble ${message.author}` },
      element("span", { class: mine ? "hidden" : "from" }, who),
      element("p", {}, message.text),
      message.options.length > 0 && buttons(message),
      element("small", {}, footer(message)),
    );
  }

  function buttons(message) {
    const one = ({ id, label }) =>
      element(
        "button",
        {
          type: "button",
          disabled: !isOpen(message),
          "data-focus": id,
          onclick: () => send({ promptId: message.promptId, optionId: id, label }),
        },
        label,
      );
    return element("div", { class: "options", role: "group", "aria-label": "Answers" }, ...message.options.map(one));
  }

  return {
    /** Shows a snapshot of this customer. */
    show(view) {
      openPrompt = view.openPrompt;
      const arrived = new Set(view.customer.map(({ ref }) => ref));
      pending = pending.filter(({ id }) => !arrived.has(id));
      byId("customer-empty").hidden = view.customer.length > 0 || pending.length > 0;
      byId("customer-older").hidden = !view.older.customer;
      // A message is redrawn when its buttons open or close, so that state is part of the item.
      const items = view.customer.map((message) => ({ ...message, open: isOpen(message) }));
      keepingEnd(box, () => showAll(byId("bubbles"), items, { key: (one) => `${one.author}${one.id}`, make: bubble }));
      showPending();
    },
    /** Clears the pane for another customer or channel. */
    clear() {
      openPrompt = null;
      byId("bubbles").replaceChildren();
      byId("pending").replaceChildren();
      byId("customer-empty").hidden = false;
      showPending();
    },
  };
}

function waiting({ text, failed }, again) {
  if (failed === null) {
    return element("li", { class: "bubble mine" }, element("p", {}, text), element("small", {}, "sending…"));
  }
  return element(
    "li",
    { class: "bubble mine failed" },
    element("p", {}, text),
    element("small", {}, `not sent: ${failed} `),
    element("button", { type: "button", class: "again", onclick: again, "data-focus": "again" }, "Try again"),
  );
}

function footer({ at, author, state }) {
  const time = clock(at);
  if (author === "customer" || state === null || state === "sent") return time;
  return `${time} · ${state}`;
}
