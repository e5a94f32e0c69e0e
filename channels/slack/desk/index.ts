import type { DeskKind } from "../../../src/desk/desk.ts";
import { openSlackDesk, openSlackInteractions } from "./open.ts";

/** Slack as the desk: a thread per case. Who works there is what Slack says of each queue's channel or group. */
export const slackDesk: DeskKind = { membership: "listed", open: openSlackDesk, interactions: openSlackInteractions };
