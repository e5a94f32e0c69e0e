/**
 * Builds one element. Text only ever goes in as text, so nothing that anybody wrote becomes markup.
 * `of`: attributes; a function under `on…` listens; `false`, null and undefined leave an attribute out.
 */
export function element(name, of = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(of)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/**
 * Makes `list` show `items`, in order. A node whose item has not changed stays as it is, so that focus, selection and
 * what a screen reader has read are kept, and only what is new is announced.
 */
export function showAll(list, items, { key, make }) {
  const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let place = list.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const text = JSON.stringify(item);
    const kept = before.get(name);
    before.delete(name);
    if (kept !== undefined && kept.dataset.item === text) {
      if (kept === place) place = place.nextElementSibling;
      else list.insertBefore(kept, place);
      continue;
    }
    const node = make(item);
    node.dataset.key = name;
    node.dataset.item = text;
    if (kept === undefined) list.insertBefore(node, place);
    else {
      if (kept === place) place = place.nextElementSibling;
      replaceKeepingFocus(kept, node);
    }
  }
  for (const gone of before.values()) gone.remove();
}

function replaceKeepingFocus(old, node) {
  const focused = old.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  old.replaceWith(node);
  if (focused !== undefined) node.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

/** Runs `change`, and keeps the end of `box` in sight if it was in sight before. */
export function keepingEnd(box, change) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 48;
  change();
  if (atEnd) box.scrollTop = box.scrollHeight;
}

/** Enter sends, Shift+Enter makes a line; an Enter that ends an input method's word does neither. */
export function sendOnEnter(textarea, send) {
  textarea.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
}

/** As the server's MAX_TYPED_CHARACTERS: what is longer would come back refused, so it stays where it can be edited. */
const MAX_TYPED_CHARACTERS = 20_000;

/** Whether the text can be sent; where it is too long the field says so. */
export function fits(field) {
  const over = field.value.length - MAX_TYPED_CHARACTERS;
  field.setCustomValidity(over > 0 ? `${over} characters too long: send it in parts.` : "");
  if (over > 0) field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
  return field.reportValidity();
}

export const byId = (id) => document.getElementById(id);

/** "14:05", in the reader's own time. */
export function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** "just now", "4 min", "2 h 5 min": how long ago, in words. */
export function since(iso) {
  const minutes = Math.floor((Date.now() - Date.parse(iso)) / 60_000);
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
