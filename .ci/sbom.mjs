// Prints the bill of materials of the shipped packages, from package-lock.json, as CycloneDX 1.5 JSON
// (https://cyclonedx.org/docs/1.5/json/). `npm sbom` leaves out packages that development needs too, and fails on an unmet
// peer dependency of a development tool. The same lock file gives the same bytes.
import { readFileSync } from "node:fs";

const { name, version, description, license } = JSON.parse(readFileSync("package.json", "utf8"));
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));

const ours = { name, version, license };
const shipped = Object.entries(packages)
  .filter(([path, entry]) => path !== "" && entry.dev !== true)
  .map(([path, entry]) => component({ ...entry, name: path.slice(path.lastIndexOf("node_modules/") + 13) }));
const each = [...new Map(shipped.map((one) => [one.purl, one])).values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));

const bill = {
  $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  version: 1,
  metadata: { component: { ...component(ours), type: "application", description } },
  components: each,
};
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);

function component({ name, version, license, integrity, optional }) {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    scope: optional === true ? "optional" : "required",
    ...(integrity === undefined ? {} : { hashes: [{ alg: "SHA-512", content: hex(integrity) }] }),
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
    purl,
  };
}

function hex(integrity) {
  return Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex");
}
