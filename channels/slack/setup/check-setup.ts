/** Checks the Slack side of a channel: the token, its scopes, the delivery of events, and the queues' channels. */
import type { WebClient } from "@slack/web-api";
import type { InstalledChannel, SetupFinding } from "../../../src/adapter/adapter.ts";
import { SendError } from "../../../src/adapter/send-error.ts";
import type { SlackConfig } from "../config.ts";
import { codeMeaning } from "../outbound/error-codes.ts";
import { call } from "../outbound/errors.ts";
import { openWebClient } from "../outbound/web-client.ts";
import { checkQueues } from "./check-queues.ts";
import { type Needs, neededNames, SCOPES } from "./scopes.ts";

export interface SetupContext extends InstalledChannel {
  signal: AbortSignal;
  needs: Needs;
}

const fine = (message: string): SetupFinding => ({ level: "fine", message });
const warning = (message: string, fix: string): SetupFinding => ({ level: "warning", message, fix });
const problem = (message: string, fix: string): SetupFinding => ({ level: "problem", message, fix });

const APPS = "https://api.slack.com/apps";
const REINSTALL = `Put the output of frontdesk slack manifest under App Manifest at ${APPS}, save, and reinstall the app under Install App.`;
/** Slack's signing secrets have 32 hexadecimal digits; this is not documented, so another form is only a warning. */
const SIGNING_SECRET = /^[0-9a-f]{32}$/;

/** Runs all checks that are possible from here. Never throws. */
export async function checkSetup(config: SlackConfig, o: SetupContext): Promise<SetupFinding[]> {
  const client = await openWebClient(config);
  const token = await checkToken(client, o);
  const events = config.app_token === undefined ? checkWebhook(config, o) : await checkSocket(config, o);
  const queues = token.good && o.queues !== null ? await checkQueues(client, o.queues, o) : [];
  return [...token.findings, ...events, ...queues, delayedEvents()];
}

async function checkToken(client: WebClient, o: SetupContext): Promise<{ good: boolean; findings: SetupFinding[] }> {
  try {
    const { user, team, bot_id, response_metadata } = await call(o.signal, () => client.auth.test());
    const who = fine(`the token is good: @${user} in ${team}`);
    if (bot_id === undefined) {
      const fix = `Use the Bot User OAuth Token (xoxb-…) from OAuth & Permissions at ${APPS}.`;
      return { good: false, findings: [problem("bot_token is not a bot's token", fix)] };
    }
    return { good: true, findings: [who, scopesFinding(response_metadata?.scopes, o.needs)] };
  } catch (error) {
    return {
      good: false,
      findings: [refusedFinding("bot_token", error, "the Bot User OAuth Token (OAuth & Permissions)")],
    };
  }
}

function scopesFinding(has: readonly string[] | undefined, needs: Needs): SetupFinding {
  if (has === undefined) return warning("Slack does not tell which scopes the token has", REINSTALL);
  const lacking = neededNames(SCOPES, needs).filter((scope) => !has.includes(scope));
  if (lacking.length === 0) return fine("the token has every scope that is needed");
  const why = lacking.map((scope) => `${scope} (to ${SCOPES[scope]?.why})`).join(", ");
  return problem(`the token lacks ${why}`, REINSTALL);
}

function checkWebhook(config: SlackConfig, { webhookUrl }: SetupContext): SetupFinding[] {
  const secrets = [config.signing_secret ?? []].flat();
  const odd = secrets.some((secret) => !SIGNING_SECRET.test(secret))
    ? warning(
        "signing_secret does not look like one (32 hexadecimal digits)",
        `Compare it with Signing Secret under Basic Information at ${APPS}.`,
      )
    : fine("signing_secret is set; the first event will show whether it is the app's own");
  return [odd, addressFinding(webhookUrl)];
}

function addressFinding(url: string | null): SetupFinding {
  if (url?.startsWith("https://") === true) {
    return fine(`Slack calls ${url} for events, interactivity and /desk, as frontdesk slack manifest says`);
  }
  const fix = "Set PUBLIC_URL to an https address of this server, or set app_token: then we connect to Slack.";
  const message = url === null ? "PUBLIC_URL is not set" : `${url} is not https`;
  return problem(`Slack can't reach us: ${message}`, fix);
}

async function checkSocket(config: SlackConfig, { signal }: SetupContext): Promise<SetupFinding[]> {
  try {
    const client = await openWebClient({ ...config, bot_token: config.app_token ?? "" });
    await call(signal, () => client.apps.connections.open({}));
    return [fine("app_token is good: Slack lets us connect (Socket Mode)")];
  } catch (error) {
    const where = "an App-Level Token with the scope connections:write (Basic Information)";
    return [refusedFinding("app_token", error, where)];
  }
}

/** Explains a failed call: the token is wrong, or Slack can't be reached. */
function refusedFinding(token: string, error: unknown, where: string): SetupFinding {
  const code = error instanceof SendError ? (error.code ?? "") : "";
  if (codeMeaning(code)?.class === "configuration") {
    return problem(`${token} is refused (${code})`, `Set ${token} to ${where} at ${APPS}, and start again.`);
  }
  const message = error instanceof Error ? error.message : String(error);
  const fix = "Is https://slack.com reachable from here? See https://slack-status.com, and api_url if it is set.";
  return problem(`Slack can't be asked about ${token}: ${message}`, fix);
}

/** Reminds of Delayed Events, which the Web API does not report. */
const delayedEvents = (): SetupFinding =>
  warning(
    "Delayed Events can't be checked from here: without it Slack drops events that it could not deliver within two hours",
    `Switch it on once, under Event Subscriptions at ${APPS}.`,
  );
