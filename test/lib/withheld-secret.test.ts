import { expect, test } from "vitest";
import { variables } from "../../src/environment.ts";
import { OWN_VARIABLES, withholdReason } from "../../src/lib/withheld-secret.ts";

test("withholds every variable that Frontdesk reads", () => {
  expect([...OWN_VARIABLES].toSorted()).toEqual(Object.keys(variables).toSorted());
  for (const name of Object.keys(variables)) expect([name, withholdReason(`env:${name}`)]).not.toContain(null);
});

test.each([
  "env:DATABASE_URL",
  "env:database_url",
  "env:PGPASSWORD",
  "env:POSTGRES_PASSWORD",
  "env:REDIS_PASSWORD",
  "env:NODE_OPTIONS",
  "env:npm_config__auth",
  "env:LD_PRELOAD",
  "env:AWS_SECRET_ACCESS_KEY",
  "env:AZURE_CLIENT_SECRET",
  "env:GOOGLE_APPLICATION_CREDENTIALS",
  "env:HTTPS_PROXY",
  "env:HOME",
  "env:FRONTDESK_ANYTHING",
  "file:/proc/self/environ",
  "file:/proc",
  "file:/dev/stdin",
  "file:/sys/kernel",
  "file://proc/self/environ",
  "file:/run/../proc/self/environ",
  "file:/run/./token",
  "file:/run/secrets/",
  "file:/srv/frontdesk/.env",
  "file:/srv/frontdesk/.env.production",
  "file:/srv/frontdesk/data/pg/frontdesk.json",
])("withholds %s", (ref) => expect(withholdReason(ref)).toMatch(/ keep the secret in |; write an absolute path /));

test.each([
  "env:ACME_CRM_TOKEN",
  "env:SLACK_BOT_TOKEN",
  "env:PLAYGROUND_SECRET",
  "env:PAGERDUTY_TOKEN",
  "env:GITHUB_TOKEN",
  "file:/run/secrets/crm",
  "file:/processes/token",
  "file:/etc/acme/crm.env",
  "words that name no secret",
])("allows %s", (ref) => expect(withholdReason(ref)).toBeNull());
