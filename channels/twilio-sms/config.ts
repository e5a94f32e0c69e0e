import { z } from "zod";
import { E164, twilioConfig } from "../twilio/config.ts";
import { MESSAGING_SERVICE } from "./ids.ts";

/** The channel's entry in `frontdesk.yaml`, its secrets resolved by the caller. */
export const smsConfig = z
  .strictObject({
    adapter: z.literal("twilio-sms").optional(),
    ...twilioConfig,
    from: z.string().regex(E164, 'must be a number in E.164 form, like "+15550100"').optional(),
    messaging_service_sid: z
      .string()
      .regex(MESSAGING_SERVICE, "must be a Messaging Service SID: MG and 32 hexadecimal digits")
      .optional(),
    /** Send files as MMS. Left out: from +1 numbers, because Twilio has MMS in the USA and Canada only. */
    media: z.boolean({ error: "must be true (files are sent as MMS) or false (as links)" }).optional(),
  })
  .refine((config) => (config.from === undefined) !== (config.messaging_service_sid === undefined), {
    error: "set either from (one number) or messaging_service_sid (a pool of numbers), not both",
    path: ["from"],
  });

export type SmsConfig = z.infer<typeof smsConfig>;
