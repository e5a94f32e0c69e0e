/** Builds the app manifest (https://docs.slack.dev/reference/app-manifest) from which Slack creates our app. */
import { COMMAND, SHORTCUT_OPEN, SHORTCUT_START } from "../desk/view/actions.ts";
import { EVENTS, type Needs, neededNames, SCOPES } from "./scopes.ts";

/** Of the app's name (docs, "app manifest", display_information). */
export const MAX_APP_NAME_CHARACTERS = 35;

export interface ManifestOptions {
  /** Name of the app that people see. */
  name: string;
  /** URL that Slack calls for everything; null: we connect to Slack (Socket Mode). */
  url: string | null;
  needs: Needs;
}

/** Returns the manifest as an object. Pure. */
export function manifest({ name, url, needs }: ManifestOptions) {
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name,
      description: needs.desk ? "Answers customers, and lets your team take over" : "Answers customers",
      background_color: "#1f2937",
    },
    features: {
      app_home: {
        home_tab_enabled: needs.desk,
        // Without both, people read "Sending messages to this app has been turned off".
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: false,
      },
      bot_user: { display_name: botName(name), always_online: true },
      ...(needs.agentView
        ? { agent_view: { agent_description: "Helps you, and brings in a person where it can't" } }
        : {}),
      ...(needs.desk ? deskFeatures(url) : {}),
    },
    oauth_config: { scopes: { bot: neededNames(SCOPES, needs) } },
    settings: {
      event_subscriptions: { ...at("request_url", url), bot_events: neededNames(EVENTS, needs) },
      interactivity: { is_enabled: true, ...at("request_url", url) },
      org_deploy_enabled: false,
      socket_mode_enabled: url === null,
      token_rotation_enabled: false,
    },
  };
}

function deskFeatures(url: string | null) {
  return {
    shortcuts: [
      {
        name: "Open a case",
        type: "message",
        callback_id: SHORTCUT_OPEN,
        description: "Make a case of this message, and take it",
      },
      {
        name: "Write to a customer",
        type: "global",
        callback_id: SHORTCUT_START,
        description: "Start a conversation with a customer",
      },
    ],
    slash_commands: [
      {
        command: COMMAND,
        ...at("url", url),
        description: "Your cases and queues",
        usage_hint: "status | on | off | find TEXT",
        // People and channels arrive as ids, not as names.
        should_escape: true,
      },
    ],
  };
}

const at = (key: string, url: string | null): Record<string, string> => (url === null ? {} : { [key]: url });

/** Slack allows a-z, 0-9, "-", "_" and "." (docs, "app manifest", bot_user). */
function botName(name: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/[^a-z0-9._ -]/g, "");
  return plain.trim().replace(/\s+/g, "-") || "frontdesk";
}
