// Asks the registry for known vulnerabilities of shipped packages. Fails on a high or critical one. A registry that does
// not support audits (some mirrors) or can't be reached is reported and skipped.
import { spawnSync } from "node:child_process";

const REFUSED = ["high", "critical"];

const { stdout, error } = spawnSync("npm", ["audit", "--json", "--omit=dev"], { encoding: "utf8", timeout: 120_000 });
const report = error === undefined ? parseJson(stdout) : null;

if (report?.auditReportVersion === undefined) {
  const reason = error?.message ?? report?.message ?? report?.error?.summary ?? "no report";
  console.log(`audit: skipped, because the registry did not answer (${firstLine(reason)})`);
} else {
  const found = Object.values(report.vulnerabilities).filter(({ severity }) => REFUSED.includes(severity));
  for (const { name, severity, range } of found) console.error(`audit: ${name} ${range}: ${severity}`);
  if (found.length > 0) console.error("Run `npm audit` for advice, and update to a fixed version.");
  else console.log("audit: no high or critical vulnerability known in shipped packages");
  process.exitCode = found.length > 0 ? 1 : 0;
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Returns the first line of a reason, without the registry's URL. */
function firstLine(reason) {
  return String(reason)
    .split("\n")[0]
    .replace(/ - \w+ https?:\/\/\S+/, "");
}
