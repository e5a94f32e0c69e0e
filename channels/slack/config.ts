import { z } from "zod";

const Secret = z.string({ error: "must be set: use env:NAME or file:/path" }).min(1, "must not be empty");

/** The channel's entry in `frontdesk.yaml`, its secrets resolved by the caller. */
export const slackConfig = z
  .strictObject({
    adapter: z.literal("slack").optional(),
    bot_token: Secret.regex(/^xoxb-/, "must be a bot token, which begins with xoxb-"),
    /** Two during a rotation: either is accepted. */
    signing_secret: z.union([Secret, z.array(Secret).min(1).max(2)]).optional(),
    /** If set, we connect to Slack (Socket Mode); else Slack calls our webhook. */
    app_token: Secret.regex(/^xapp-/, "must be an app-level token, which begins with xapp-").optional(),
    /** The app has `features.agent_view`: each top-level message of its DM is a conversation of its own. */
    agent_view: z.boolean().default(false),
    /** Slack channels in which every message is for us, not only mentions ("C0123ABCD"). */
    support_channels: z.array(z.string().regex(/^[CG][A-Z0-9]+$/, "must be a channel id like C0123ABCD")).default([]),
    /** Other apps whose posts are customers' messages, by bot id ("B0123ABCD"). */
    allow_bots: z.array(z.string().regex(/^B[A-Z0-9]+$/, "must be a bot id like B0123ABCD")).default([]),
    /** Form in which the desk shows a customer's name: as the author of the post, or as a line above (always deletable). */
    mirror: z.enum(["username", "line"]).default("username"),
    /**
     * Rate of one process to one Slack channel, after a burst of three. Slack takes one post a second from all processes
     * together, and excess posts are sent later: with several workers, divide.
     */
    posts_per_second: z.number().positive().max(100).optional(),
    /** Origin of Slack (https://slack.com), or of its replacement. */
    api_url: z.url().optional(),
  })
  .refine((config) => config.app_token !== undefined || config.signing_secret !== undefined, {
    error: "set signing_secret (Slack calls us) or app_token (Socket Mode: we connect to Slack)",
    path: ["signing_secret"],
  });

export type SlackConfig = z.infer<typeof slackConfig>;
