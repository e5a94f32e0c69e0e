import type { AdapterRegistry } from "../src/channel/registry.ts";

/** Every adapter that comes with Frontdesk, loaded when a channel first needs it. */
export const adapters: AdapterRegistry = {
  playground: async () => (await import("./playground/index.ts")).playground,
  "twilio-sms": async () => (await import("./twilio-sms/index.ts")).twilioSms,
};
