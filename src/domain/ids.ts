/** Ids of our own rows. Postgres hands them out, they are never derived from anything a customer controls. */
export type ConversationId = number;
export type ContactId = number;

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One way to reach a contact on one channel, as its adapter writes it ("+15550100"). Opaque to all but that adapter. */
export type Address = Branded<"Address">;
/** The platform's container of a dialogue (a number pair, a Slack ts). Opaque to all but the adapter that minted it. */
export type ThreadId = Branded<"ThreadId">;
/**
 * What holds threads on the platform (a Slack channel). A `ThreadId` that lies in one begins with its id and a colon, so
 * that all of them can follow where a platform gives the place a new id. Otherwise opaque.
 */
export type RemoteChannelId = Branded<"PlaceId">;
/** The platform's name for something it accepted from us. */
export type RemoteId = Branded<"RemoteId">;

export const address = (text: string): Address => text as Address;
export const threadId = (text: string): ThreadId => text as ThreadId;
export const remoteChannelId = (text: string): RemoteChannelId => text as RemoteChannelId;
export const remoteId = (text: string): RemoteId => text as RemoteId;
