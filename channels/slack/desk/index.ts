import type { DeskKind } from "../../../src/desk/desk.ts";
import { openSlackDesk, openSlackInteractions } from "./open.ts";

/** Slack as the desk: a thread per case. The members of a queue are those of its Slack channel or user group. */
export const slackDesk: DeskKind = { membership: "listed", open: openSlackDesk, interactions: openSlackInteractions };
