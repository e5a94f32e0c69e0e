import type { Contact } from "../../domain/contact.ts";
import { isOpenAt, nextOpeningText } from "../../domain/hours.ts";
import { type Facts, NO_PROCEDURES, type ProcedureCatalog } from "../../workflow/run.ts";
import type { Release } from "./catalog.ts";
import { channelOf, type TransitionContext } from "./context.ts";

/** The contact's languages, preferred first ("de-AT" is followed by "de"); empty where none is known. */
export function languagesOf({ language }: Contact): string[] {
  const [primary = ""] = language.split("-");
  return [...new Set([language, primary])].filter((tag) => tag !== "");
}

/** Facts that workflows may use in this transition: from the event and the state, never from a clock (T10). */
export function factsOf(context: TransitionContext, trigger: Readonly<Record<string, unknown>> = {}): Facts {
  const { state, event, catalog } = context;
  return {
    contact: state.contact,
    conversation: {
      id: context.conversation,
      channel: state.channel,
      tags: state.tags,
      opened_at: state.openedAt,
      link: catalog.link(context.conversation),
    },
    message: { text: state.lastText },
    event: trigger,
    queue: queueFacts(context),
    now: event.at.toISOString(),
    buttons: catalog.channel(state.channel)?.can.options.support === "native",
    languages: languagesOf(state.contact),
    idPrefix: `e${event.id}.${context.idCount++}`,
  };
}

function queueFacts(context: TransitionContext): Facts["queue"] {
  const queues = Object.entries(context.catalog.live.queues);
  const { at } = context.event;
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

/** What procedures of a release may look up in this conversation; without the release there are none. */
export function procedureCatalog(context: TransitionContext, release: Release | null): ProcedureCatalog {
  if (release === null) return NO_PROCEDURES;
  return {
    procedures: release.procedures,
    operation: (name) => release.operations.get(name) ?? null,
    model: release.models,
    verified: context.state.trust === "verified",
    quietMs: channelOf(context).can.quietMs,
  };
}
