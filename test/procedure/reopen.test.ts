/** A corrected value: what was looked up with the old one is looked up anew. */
import { describe, expect, it } from "vitest";
import { done, procedureScene, type Setting } from "./scene.ts";

const LOGINS = `
id: logins
base_url: https://logins.example
operations:
  get_login:
    kind: read
    request: GET /logins/{email}
    input: { email: string }
    returns: { Login: { email: string, status: string } }
  unlock:
    kind: write
    description: Unlock the login
    request: POST /logins/{email}/unlock
    input: { email: string }
    idempotency: header Idempotency-Key
`;

const UNLOCK = `---
id: unlock
title: Unlock a login
trigger:
  when: The customer is locked out.
  examples: [I am locked out, unlock my login]
fields:
  email: { type: email, question: Which login? }
  login: { type: logins.Login, from: logins.get_login }
connectors:
  logins.get_login: { with: { email: email } }
  logins.unlock: { with: { email: login.email }, only_if: login.status == "locked", confirm: customer }
---

# Unlock a login

## Find it

\`@ask email\` and look it up: \`@use logins.get_login\`.

## Open it

\`@use logins.unlock\`

- **If** \`logins.unlock.done\`: tell them "It is open." and \`@end unlocked\`.
- **Else**: tell them "It stays locked." and \`@end kept\`.
`;

const loginOf = (email: unknown) => done({ email, status: "locked" });

const logins = (): Setting => ({
  procedures: { unlock: UNLOCK },
  connectors: { logins: LOGINS },
  stubs: {
    "logins.get_login": (request) =>
      loginOf(request.kind === "call" ? (request.input as { email: string }).email : null),
    "logins.unlock": done({}),
  },
});

describe("a corrected value", () => {
  it("is looked up anew, and the customer agrees to what was found with it", () => {
    const on = procedureScene(logins());
    on.writes("unlock my login");
    expect(on.writes("sam@lee.example").at(-1)).toContain("(email: sam@lee.example)");
    expect(on.writes("no, I meant Priya@Nair.example").at(-1)).toContain("(email: priya@nair.example)");
    on.presses("yes");
    expect(on.calls.map(({ operation, input }) => [operation, input])).toEqual([
      ["logins.get_login", { email: "sam@lee.example" }],
      ["logins.get_login", { email: "priya@nair.example" }],
      ["logins.unlock", { email: "priya@nair.example" }],
    ]);
  });

  it("calls off the lookup of the old value that is under way", () => {
    const on = procedureScene(logins());
    on.writes("unlock my login");
    const [old] = on.play.writes("sam@lee.example").asks;
    expect(on.writes("no, I meant priya@nair.example").at(-1)).toContain("(email: priya@nair.example)");
    on.play.answers(loginOf("sam@lee.example"), old?.id ?? "");
    on.presses("yes");
    expect(on.calls.at(-1)).toMatchObject({ operation: "logins.unlock", input: { email: "priya@nair.example" } });
  });
});
