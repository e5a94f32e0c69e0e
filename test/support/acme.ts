/** The example company and the shipped files that talk to it. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Acme, DEMO_TOKEN } from "../../examples/acme/server.ts";
import type { TestDesk } from "./desk.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The variables that the example's connectors refer to, as `start` sets them. */
export function acmeVariables({ url }: Acme): Record<string, string> {
  const paths = { CRM: "crm", BILLING: "billing", ORDERS: "shop", ACCOUNTS: "logins" };
  const variables = Object.entries(paths).flatMap(([name, path]) => [
    [`ACME_${name}_URL`, `${url}/${path}`],
    [`ACME_${name}_TOKEN`, DEMO_TOKEN],
  ]);
  return Object.fromEntries(variables) as Record<string, string>;
}

/** `secrets:` of frontdesk.yaml for the shipped connectors. */
export const ACME_SECRETS = `
secrets:
${["crm", "billing", "orders", "accounts"]
  .map((id) => `  ${id}: ["env:ACME_${id.toUpperCase()}_URL", "env:ACME_${id.toUpperCase()}_TOKEN"]`)
  .join("\n")}
`;

/** Stores a contact with its ids in the example company, as an import would, and the address it writes from. */
export async function knownContact(
  desk: TestDesk,
  o: { channel: string; address: string; name: string; attributes: object },
): Promise<void> {
  await desk.rows(
    `with person as (insert into contact (name, attributes) values ($1, $2) returning id)
     insert into address (channel, value, contact) select $3, $4, id from person`,
    [o.name, JSON.stringify(o.attributes), o.channel, o.address],
  );
}

/** The shipped files of some folders ("workflows", "connectors", "procedures") by path. */
export async function shippedFiles(...folders: readonly string[]): Promise<Record<string, string>> {
  const files = await Promise.all(folders.map(filesIn));
  return Object.fromEntries(files.flat());
}

async function filesIn(folder: string): Promise<(readonly [string, string])[]> {
  const names = (await readdir(`${ROOT}${folder}`)).filter((name) => /\.(yaml|md)$/.test(name) && name !== "README.md");
  return Promise.all(
    names.map(async (name) => [`${folder}/${name}`, await readFile(`${ROOT}${folder}/${name}`, "utf8")] as const),
  );
}
