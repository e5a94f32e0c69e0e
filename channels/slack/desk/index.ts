import type { DeskKind } from "../../../src/handoff/desk.ts";
import { openSlackDesk, openSlackFront } from "./open.ts";

/** Slack as the desk: a thread per case. */
export const slackDesk: DeskKind = { open: openSlackDesk, front: openSlackFront };
