import type { Environment } from "../config.ts";
import { readContent } from "../content/read.ts";
import type { World } from "./world.ts";

/** The example company that comes with Frontdesk; not started for other content. */
export interface Example {
  /** The variables that its connectors refer to. */
  env: Environment;
  close(): Promise<void>;
}

/** Its systems, each with the variables that its connector refers to and its path in the one service that plays all. */
const SYSTEMS = [
  { url: "ACME_CRM_URL", token: "ACME_CRM_TOKEN", path: "crm" },
  { url: "ACME_BILLING_URL", token: "ACME_BILLING_TOKEN", path: "billing" },
  { url: "ACME_ORDERS_URL", token: "ACME_ORDERS_TOKEN", path: "shop" },
  { url: "ACME_ACCOUNTS_URL", token: "ACME_ACCOUNTS_TOKEN", path: "logins" },
];

/** Variables that the example's connectors refer to and `start` sets. */
export const EXAMPLE_VARIABLES: readonly string[] = SYSTEMS.flatMap(({ url, token }) => [url, token]);

/** Texts to try as the customer, each with its effect. */
export const SENTENCES: readonly (readonly [string, string])[] = [
  ["Hello", "the bot greets you and asks what it is about"],
  ["2", "picks the second topic; the bot then asks for your order, like AB-1234"],
  ["0", "asks for a person, at any time: a case opens at the desk beside you, claim it and reply"],
];

/**
 * Starts the example's systems, but for those whose URL is set; null when no connector refers to them.
 */
export async function startExample(home: string, env: Environment, world: World): Promise<Example | null> {
  const { files } = await readContent(home);
  const connectors = Object.entries(files).flatMap(([path, text]) => (path.startsWith("connectors/") ? [text] : []));
  const named = SYSTEMS.filter(({ url }) => connectors.some((text) => text.includes(`env:${url}`)));
  if (named.length === 0) return null;
  const unset = named.filter(({ url }) => !env[url]);
  if (unset.length === 0) return { env: {}, close: async () => {} };
  const acme = await world.startAcme();
  const variables = unset.flatMap(({ url, token, path }) => [
    [url, `${acme.url}/${path}`],
    [token, acme.token],
  ]);
  return { env: Object.fromEntries(variables) as Environment, close: () => acme.close() };
}
