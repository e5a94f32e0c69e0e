/**
 * Builds an element. Text is always inserted as text, so untrusted text never becomes markup.
 * `of`: attributes; functions under `on…` are listeners; `false`, null and undefined omit an attribute.
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
 * Makes `list` show `items` in order. A node of an unchanged item is kept, so that focus and selection stay, and screen
 * readers announce only new items.
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

/** Runs `change`, and keeps `box` scrolled to its end if it was before. */
export function keepingEnd(box, change) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 48;
  change();
  if (atEnd) box.scrollTop = box.scrollHeight;
}

/** Sends on Enter, but not on Shift+Enter or on an Enter that confirms an input method's word. */
export function sendOnEnter(textarea, send) {
  textarea.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
}

/** Same as the server's MAX_TYPED_CHARACTERS; longer texts stay in the field for editing. */
const MAX_TYPED_CHARACTERS = 20_000;

/** True when the text can be sent; a field with a longer text shows an error. */
export function fits(field) {
  const over = field.value.length - MAX_TYPED_CHARACTERS;
  field.setCustomValidity(over > 0 ? `${over} characters too long: send it in parts.` : "");
  if (over > 0) field.addEventListener("input", () => field.setCustomValidity(""), { once: true });
  return field.reportValidity();
}

export const byId = (id) => document.getElementById(id);

/** Formats a time in the reader's time zone: "14:05". */
export function clock(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** Formats the time since then: "less than a minute", "4 min", "2 h 5 min". */
export function since(iso) {
  const minutes = Math.floor((Date.now() - Date.parse(iso)) / 60_000);
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
