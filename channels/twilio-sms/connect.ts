import type { Connection, Deps } from "../../src/adapter/adapter.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import { remoteId } from "../../src/domain/ids.ts";
import { isInternalHost } from "../../src/lib/internal-host.ts";
import { openTwilio } from "../twilio/client.ts";
import { downloadMedia } from "../twilio/media.ts";
import { withKey } from "./callback-key.ts";
import type { SmsConfig } from "./config.ts";
import type { SmsBody } from "./encode.ts";
import { isService, threadPair } from "./ids.ts";
import { segments } from "./septets.ts";

/**
 * Sends over Twilio's REST API (https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource).
 * Twilio has no idempotency keys, so a send without an answer is `unknown`; its status callbacks repeat the part's key.
 */
export async function connect(config: SmsConfig, { log, webhookUrl }: Deps): Promise<Connection<SmsBody>> {
  const { account_sid: accountSid, auth_token: authToken, api_url: apiUrl } = config;
  const client = await openTwilio({ accountSid, authToken, apiUrl });
  const statusCallback = callbackUrl(config, webhookUrl);
  if (statusCallback === undefined)
    log.warn({ account: accountSid }, "receipts not requested: no public https webhook URL");
  return {
    keyedReceipts: statusCallback !== undefined,
    async send(thread, body, { key, ...flight }) {
      const { ours, customer } = threadPair(thread);
      const sender = isService(ours) ? { messagingServiceSid: ours } : { from: ours };
      const callback = statusCallback === undefined ? {} : { statusCallback: withKey(statusCallback, key) };
      const { sid } = await client.call(flight, (sdk) =>
        sdk.messages.create({ to: customer, ...contentOf(body), ...sender, ...callback }),
      );
      if (typeof sid !== "string" || sid === "") {
        const message = "Twilio accepted the message but gave no id";
        throw new SendError(message, { outcome: "unknown", retry: "never", code: "unreadable" });
      }
      log.debug({ sid, ...("body" in body ? segmentFields(body.body) : { media: 1 }) }, "sms accepted");
      return remoteId(sid);
    },
    download: (ref, limits) => downloadMedia(ref, { accountSid, authToken, apiUrl }, limits),
    close: async () => client[Symbol.asyncDispose](),
  };
}

const contentOf = (body: SmsBody): { body: string } | { mediaUrl: string[] } =>
  "body" in body ? body : { mediaUrl: [body.mediaUrl] };

function segmentFields(text: string): { encoding: string; segments: number } {
  const { encoding, count } = segments(text);
  return { encoding, segments: count };
}

/**
 * Returns the URL for Twilio's receipts. Twilio refuses a message whose callback it can't call (error 21609): so only public
 * https, or any URL if `api_url` is set, and no host name with an underscore.
 */
export function callbackUrl(
  config: Pick<SmsConfig, "api_url" | "public_url">,
  webhookUrl?: string,
): string | undefined {
  const [base = ""] = (config.public_url ?? webhookUrl ?? "").split("#");
  if (!URL.canParse(base)) return undefined;
  const { protocol, hostname } = new URL(base);
  if (hostname.includes("_")) return undefined;
  if (config.api_url === undefined && (protocol !== "https:" || isInternalHost(hostname) || hostname.startsWith("[")))
    return undefined;
  return `${base.replace(/\/+$/, "")}/status`;
}
