/** Tabs for the three panes on narrow screens; on wide ones the panes are side by side. */
import { byId } from "./element.js";

const PANES = ["customer", "desk", "journal"];
const NARROW = "(max-width: 759.98px)";

function show(pane) {
  document.body.dataset.pane = pane;
  for (const name of PANES) {
    const chosen = name === pane;
    const tab = byId(`tab-${name}`);
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    if (chosen) seen(tab);
  }
  // A hidden pane can't stay scrolled to its end.
  for (const box of byId(pane).querySelectorAll(".scroll")) box.scrollTop = box.scrollHeight;
}

function seen(tab) {
  delete tab.dataset.news;
  tab.removeAttribute("aria-label");
}

/** Sets up the tabs, showing the first pane. */
export function tabs() {
  const narrow = matchMedia(NARROW);

  for (const name of PANES) {
    byId(`tab-${name}`).addEventListener("click", () => show(name));
    byId(`tab-${name}`).addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined) return;
      const next = PANES[(PANES.indexOf(name) + step + PANES.length) % PANES.length];
      show(next);
      byId(`tab-${next}`).focus();
    });
  }

  const roles = () => {
    for (const name of PANES) {
      if (narrow.matches) byId(name).setAttribute("role", "tabpanel");
      else byId(name).removeAttribute("role");
    }
  };
  narrow.addEventListener("change", roles);
  roles();
  show("customer");
  return {
    /** Marks a hidden pane as having something new. */
    news(pane) {
      if (document.body.dataset.pane === pane) return;
      const tab = byId(`tab-${pane}`);
      tab.dataset.news = "new";
      tab.setAttribute("aria-label", `${tab.textContent}, new`);
    },
  };
}
