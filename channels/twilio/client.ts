import type twilioSdk from "twilio";
import type RequestClient from "twilio/lib/base/RequestClient.js";
import type { Flight } from "../../src/adapter/flight.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import { type Call, Exchange } from "./exchange.ts";
import { twilioRefusal } from "./refusal.ts";

type TwilioSdk = ReturnType<typeof twilioSdk>;

export interface Credentials {
  accountSid: string;
  authToken: string;
  /** Address of the REST API instead of `https://api.twilio.com`: a proxy, a regional host, a test counterpart. */
  apiUrl?: string | undefined;
}

export interface TwilioClient extends AsyncDisposable {
  /** Runs one call of the SDK. Throws only SendError; its messages contain no secret and no customer data. */
  call<Value>(flight: Flight, use: (sdk: TwilioSdk) => Promise<Value>): Promise<Value>;
}

type SdkRequest = RequestClient.RequestOptions<Record<string, unknown>>;

/**
 * Opens Twilio's REST API through its SDK, over our own HTTP: the SDK has no base URL and no abort signal, hides Retry-After
 * and does not tell whether a failed request was sent. Nothing is retried here. Importing the SDK takes about 0.1 s.
 */
export async function openTwilio(credentials: Credentials): Promise<TwilioClient> {
  const { default: twilio } = await import("twilio");
  const exchange = new Exchange();

  async function perform(request: SdkRequest, flight: Flight): Promise<{ statusCode: number; body: string }> {
    const answer = await exchange.run(httpCall(request, credentials), flight);
    if (answer.statusCode < 200 || answer.statusCode >= 300) throw twilioRefusal(answer, new Date());
    return answer;
  }

  return {
    async call(flight, use) {
      // A client per call (about 20 microseconds) carries the flight, which the SDK does not take.
      const httpClient = { request: (request: SdkRequest) => perform(request, flight) };
      const sdk = twilio(credentials.accountSid, credentials.authToken, {
        // The class is typed with private parts that the SDK does not use.
        httpClient: httpClient as unknown as RequestClient,
        // Set, so that TWILIO_EDGE and TWILIO_REGION in the environment can't override api_url.
        edge: "",
        region: "",
      });
      try {
        return await use(sdk);
      } catch (error) {
        if (error instanceof SendError) throw error;
        // Only a 2xx answer reaches the SDK's parser: the message was accepted, but its id could not be read.
        const message = "Twilio's answer could not be read; whether it sent the message is unknown";
        throw new SendError(message, { outcome: "unknown", retry: "never", code: "unreadable" });
      }
    },
    [Symbol.asyncDispose]: () => exchange[Symbol.asyncDispose](),
  };
}

function httpCall(request: SdkRequest, { accountSid, authToken, apiUrl }: Credentials): Call {
  const requested = new URL(request.uri);
  const url =
    apiUrl === undefined ? requested : new URL(apiUrl.replace(/\/+$/, "") + requested.pathname + requested.search);
  const body = formBody(request.data ?? {});
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
  const length = String(Buffer.byteLength(body));
  const headers = { ...(request.headers as Record<string, string>), authorization, "content-length": length };
  return { url, method: request.method.toUpperCase(), headers, body };
}

/** Encodes a form; lists become repeated fields (MediaUrl), as in the SDK itself. */
function formBody(data: Readonly<Record<string, unknown>>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(data)) {
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) form.append(name, String(item));
  }
  return form.toString();
}
