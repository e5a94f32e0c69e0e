import type { AdapterRegistry } from "../src/adapter/registry.ts";
import type { DeskRegistry } from "../src/desk/desk.ts";

/** All bundled adapters, each loaded when a channel first needs it. */
export const adapters: AdapterRegistry = {
  playground: async () => (await import("./playground/index.ts")).playground,
  slack: async () => (await import("./slack/index.ts")).slack,
  "twilio-sms": async () => (await import("./twilio-sms/index.ts")).twilioSms,
};

/** The adapters that can also be a desk. */
export const desks: DeskRegistry = {
  playground: async () => (await import("./playground/desk.ts")).playgroundDesk,
  slack: async () => (await import("./slack/desk/index.ts")).slackDesk,
};

export { sign as signPlayground } from "./playground/verify.ts";
