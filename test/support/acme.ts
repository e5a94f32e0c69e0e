import { type Acme, DEMO_TOKEN } from "../../examples/acme/server.ts";

/** The variables that the example's connectors refer to, as `start` sets them. */
export function acmeVariables({ url }: Acme): Record<string, string> {
  const paths = { CRM: "crm", BILLING: "billing", ORDERS: "shop", ACCOUNTS: "logins" };
  const variables = Object.entries(paths).flatMap(([name, path]) => [
    [`ACME_${name}_URL`, `${url}/${path}`],
    [`ACME_${name}_TOKEN`, DEMO_TOKEN],
  ]);
  return Object.fromEntries(variables) as Record<string, string>;
}
