import type { Config } from "../config.ts";
import type { Arguments } from "./arguments.ts";
import { readConfiguration } from "./configuration.ts";
import { checkChannels } from "./doctor/channels.ts";
import { checkContent } from "./doctor/content.ts";
import { checkDatabase } from "./doctor/database.ts";
import { checkDisk } from "./doctor/disk.ts";
import { checkExposure } from "./doctor/exposure.ts";
import { type Finding, fine, problem } from "./doctor/finding.ts";
import { checkModels } from "./doctor/models.ts";
import { checkRedis } from "./doctor/redis.ts";
import { EXIT, type Exit, type World } from "./world.ts";

/** `frontdesk doctor`: runs all checks, changes nothing. Fails when there is a problem; warnings do not count. */
export async function doctorCommand(args: Arguments, world: World): Promise<Exit> {
  const findings = await runChecks(args, world);
  const ok = findings.every(({ level }) => level !== "problem");
  if (args.has("json")) world.out.write(`${JSON.stringify({ ok, findings: findings.map(toJson) }, null, 2)}\n`);
  else world.out.write(findings.map(formatFinding).join(""));
  return ok ? EXIT.ok : EXIT.failed;
}

async function runChecks(args: Arguments, world: World): Promise<Finding[]> {
  const { env, read } = readConfiguration(args, world);
  if (!read.ok)
    return read.fault.map(({ name, problem: message }) =>
      problem("configuration", `${name} ${message}`, `Correct ${name}, then run frontdesk doctor again.`),
    );
  const config = read.value;
  const found = await Promise.all([
    checkDatabase(config),
    checkRedis(config),
    checkContent({ config, env, world }),
    checkChannels({ config, env, world }),
    checkModels({ config, env }),
    checkDisk(config),
  ]);
  return [fine("configuration", describeConfig(config)), ...checkExposure(config), ...found.flat()];
}

function describeConfig({ home, production }: Config): string {
  return `home ${home}, ${production ? "production" : "development"}`;
}

/** The names that scripts read: public since the first version. */
const toJson = ({ message, fix, ...finding }: Finding) => ({ ...finding, says: message, mend: fix });

const MARKS: Readonly<Record<Finding["level"], string>> = { fine: "ok     ", warning: "warning", problem: "PROBLEM" };

function formatFinding({ what, level, message, fix }: Finding): string {
  const line = `${MARKS[level]}  ${what.padEnd(13)} ${message}\n`;
  return fix === null ? line : `${line}${" ".repeat(9)}${" ".repeat(13)} → ${fix}\n`;
}
