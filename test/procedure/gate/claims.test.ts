import { describe, expect, it } from "vitest";
import { claimsAnEffect } from "../../../src/procedure/gate/claims.ts";

describe("a reply that says that something was done", () => {
  it.each([
    "Your plan is cancelled.",
    "I have refunded the second charge.",
    "Your refund of $9000 is on its way.",
    "The money is on the way to your account!",
    "Das Abo wurde gekündigt.",
    "Ihre Erstattung ist unterwegs.",
  ])("is told: “%s”", (text) => expect(claimsAnEffect(text)).toBe(true));

  it.each([
    "Shall your plan be cancelled?",
    "Nothing has been cancelled yet.",
    "Once it is refunded, a mail comes.",
    "Your order AB-2210 is on its way.",
    "A refund is not on its way.",
    "Ihre Bestellung ist unterwegs.",
  ])("is not told: “%s”", (text) => expect(claimsAnEffect(text)).toBe(false));
});
