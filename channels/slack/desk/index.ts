import type { DeskKind } from "../../../src/handoff/desk.ts";
import { openFront } from "./front.ts";
import { openSlackDesk } from "./open.ts";

/** Slack as the desk: a thread per case. */
export const slackDesk: DeskKind = { open: openSlackDesk, front: openFront };
