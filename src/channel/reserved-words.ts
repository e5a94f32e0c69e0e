/**
 * Whole messages that a carrier or Twilio acts on before us: stop, start and help words
 * (https://help.twilio.com/articles/223134027; 47 CFR 64.1200(a)(10); CTIA Messaging Principles 5.1.3). Lower case.
 */
export const SMS_RESERVED_WORDS: readonly string[] = [
  "stop",
  "stopall",
  "unsubscribe",
  "cancel",
  "end",
  "quit",
  "revoke",
  "optout",
  "start",
  "yes",
  "unstop",
  "help",
  "info",
];
