/** Schemas of presses, choices, submitted dialogs and shortcuts (docs.slack.dev, "interaction payloads"). */
import { z } from "zod";
import { Id, Message, Ts } from "./event-body.ts";
import { maybe, maybeText } from "./json.ts";

const Label = z.object({ text: maybeText });

/** A field of a submitted dialog. */
const Field = z.object({
  value: z.string().nullish().catch(undefined),
  selected_option: z
    .object({ value: maybeText, text: maybe(Label) })
    .nullish()
    .catch(undefined),
});
export type Field = z.infer<typeof Field>;

export const Action = z.object({
  type: maybeText,
  action_id: z.string().min(1).max(300),
  action_ts: maybe(Ts),
  value: maybeText,
  text: maybe(Label),
  selected_option: z
    .object({ value: maybeText, text: maybe(Label) })
    .nullish()
    .catch(undefined),
});
export type Action = z.infer<typeof Action>;

export const Interaction = z.object({
  type: z.string(),
  api_app_id: maybe(Id),
  action_ts: maybe(Ts),
  callback_id: maybeText,
  team: z
    .object({ id: maybe(Id) })
    .nullish()
    .catch(undefined),
  user: maybe(z.object({ id: Id, name: maybeText, username: maybeText, team_id: maybe(Id) })),
  channel: maybe(z.object({ id: Id })),
  container: maybe(z.object({ message_ts: maybe(Ts), thread_ts: maybe(Ts), channel_id: maybe(Id) })),
  message: maybe(Message),
  message_ts: maybe(Ts),
  actions: maybe(z.array(z.unknown())),
  view: maybe(
    z.object({
      id: Id,
      hash: maybe(z.string().max(200)),
      callback_id: maybeText,
      private_metadata: maybeText,
      state: maybe(z.object({ values: z.record(z.string(), z.record(z.string(), Field.catch({}))) })),
    }),
  ),
});
export type Interaction = z.infer<typeof Interaction>;

/** The person who made an interaction. */
export interface Actor {
  id: string;
  name: string | undefined;
  /** Belongs to another organisation than the one that installed our app. */
  external: boolean;
}

/** Returns the person who made an interaction; null if it names nobody. */
export function actorOf({ type, user, team, message }: Interaction): Actor | null {
  if (user === undefined) return null;
  // Buttons are on our own messages, whose team is our workspace. A shortcut may be used on anybody's message, but only
  // people of the workspace that installed the app have it (docs.slack.dev, "Slack Connect").
  const ours = (type === "message_action" ? undefined : message?.team) ?? team?.id;
  const external = user.team_id !== undefined && ours !== undefined && user.team_id !== ours;
  return { id: user.id, name: user.name ?? user.username, external };
}
