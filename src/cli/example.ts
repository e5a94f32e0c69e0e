import type { Environment } from "../config.ts";
import { readContent } from "../content/read.ts";
import type { World } from "./world.ts";

/** The example company that comes with Frontdesk; not started for other content. */
export interface Example {
  /** The variables that its connectors refer to. */
  env: Environment;
  close(): Promise<void>;
}

const CRM_URL = "ACME_CRM_URL";
const CRM_TOKEN = "ACME_CRM_TOKEN";

/** Variables that the example's connector refers to and `start` sets. */
export const CRM_VARIABLES: readonly string[] = [CRM_URL, CRM_TOKEN];

/** Texts to try as the customer, each with its effect. */
export const SENTENCES: readonly (readonly [string, string])[] = [
  ["Hello", "the bot greets you and asks what it is about"],
  ["2", "picks the second topic; the bot then asks for your order, like AB-1234"],
  ["0", "asks for a person, at any time: a case opens at the desk beside you, claim it and reply"],
];

/** Starts the example's account system unless ACME_CRM_URL is set; null when no connector refers to it. */
export async function startExample(home: string, env: Environment, world: World): Promise<Example | null> {
  const { files } = await readContent(home);
  const refers = Object.entries(files).some(
    ([path, text]) => path.startsWith("connectors/") && text.includes(`env:${CRM_URL}`),
  );
  if (!refers) return null;
  if (env[CRM_URL]) return { env: {}, close: async () => {} };
  const crm = await world.startCrm();
  return { env: { [CRM_URL]: crm.url, [CRM_TOKEN]: crm.token }, close: () => crm.close() };
}
