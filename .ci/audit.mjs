// Asks the registry whether a package that the product ships has a known fault. Fails on a high or critical one.
// A registry that does not answer audits (some mirrors) or can't be reached is named and passed by.
import { spawnSync } from "node:child_process";

const REFUSED = ["high", "critical"];

const { stdout, error } = spawnSync("npm", ["audit", "--json", "--omit=dev"], { encoding: "utf8", timeout: 120_000 });
const report = error === undefined ? parsed(stdout) : null;

if (report?.auditReportVersion === undefined) {
  const reason = error?.message ?? report?.message ?? report?.error?.summary ?? "it gave no report";
  console.log(`audit: not made, because the registry does not answer one (${said(reason)})`);
} else {
  const found = Object.values(report.vulnerabilities).filter(({ severity }) => REFUSED.includes(severity));
  for (const { name, severity, range } of found) console.error(`audit: ${name} ${range}: ${severity}`);
  if (found.length > 0) console.error("Run `npm audit` for what to do, and take a version without that fault.");
  else console.log("audit: no high or critical fault is known in what the product ships");
  process.exitCode = found.length > 0 ? 1 : 0;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The first line of a reason, without the address that was asked. */
function said(reason) {
  return String(reason)
    .split("\n")[0]
    .replace(/ - \w+ https?:\/\/\S+/, "");
}
