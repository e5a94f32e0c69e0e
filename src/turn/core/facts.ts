import type { Contact } from "../../domain/contact.ts";
import { isOpenAt, nextOpeningText } from "../../domain/hours.ts";
import type { Facts } from "../../workflow/run.ts";
import type { TransitionContext } from "./context.ts";

/** The contact's languages, most wanted first; empty where none is known. Who reads "de-AT" reads "de". */
export function languagesOf({ language }: Contact): string[] {
  const [primary = ""] = language.split("-");
  return [...new Set([language, primary])].filter((tag) => tag !== "");
}

/** Facts that a workflow may look at in this transition: the event and the state, never a clock (T10). */
export function factsOf(draft: TransitionContext, trigger: Readonly<Record<string, unknown>> = {}): Facts {
  const { state, event, catalog } = draft;
  return {
    contact: state.contact,
    conversation: {
      id: draft.conversation,
      channel: state.channel,
      tags: state.tags,
      opened_at: state.openedAt,
      link: catalog.link(draft.conversation),
    },
    message: { text: state.lastText },
    event: trigger,
    queue: queueFacts(draft),
    now: event.at.toISOString(),
    buttons: catalog.channel(state.channel)?.can.options.support === "native",
    languages: languagesOf(state.contact),
    idPrefix: `e${event.id}.${draft.begun++}`,
  };
}

function queueFacts(draft: TransitionContext): Facts["queue"] {
  const queues = Object.entries(draft.catalog.live.queues);
  const { at } = draft.event;
  return Object.fromEntries(
    queues.map(([id, { hours }]) => [
      id,
      {
        open: hours === null || isOpenAt(hours, at),
        opens_at: hours === null ? "" : (nextOpeningText(hours, at) ?? ""),
      },
    ]),
  );
}
