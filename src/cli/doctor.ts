import type { Config } from "../config.ts";
import type { Arguments } from "./arguments.ts";
import { readConfiguration } from "./configuration.ts";
import { examineChannels } from "./doctor/channels.ts";
import { examineContent } from "./doctor/content.ts";
import { examineDatabase } from "./doctor/database.ts";
import { examineDisk } from "./doctor/disk.ts";
import { examineExposure } from "./doctor/exposure.ts";
import { type Finding, fine, problem } from "./doctor/finding.ts";
import { examineRedis } from "./doctor/redis.ts";
import { EXIT, type Exit, type World } from "./world.ts";

/** `frontdesk doctor`: looks, changes nothing. Answers no where anything is a problem; warnings are not. */
export async function doctor(args: Arguments, world: World): Promise<Exit> {
  const findings = await examine(args, world);
  const ok = findings.every(({ level }) => level !== "problem");
  if (args.has("json")) world.out.write(`${JSON.stringify({ ok, findings }, null, 2)}\n`);
  else world.out.write(findings.map(printed).join(""));
  return ok ? EXIT.well : EXIT.no;
}

async function examine(args: Arguments, world: World): Promise<Finding[]> {
  const { env, read } = readConfiguration(args, world);
  if (!read.ok)
    return read.fault.map(({ name, problem: message }) =>
      problem("configuration", `${name} ${message}`, `Correct ${name}, then run frontdesk doctor again.`),
    );
  const config = read.value;
  const found = await Promise.all([
    examineDatabase(config),
    examineRedis(config),
    examineContent({ config, env, world }),
    examineChannels({ config, env, world }),
    examineDisk(config),
  ]);
  return [fine("configuration", words(config)), ...examineExposure(config), ...found.flat()];
}

function words({ home, production }: Config): string {
  return `home ${home}, ${production ? "production" : "development"}`;
}

const MARKS: Readonly<Record<Finding["level"], string>> = { fine: "ok     ", warning: "warning", problem: "PROBLEM" };

function printed({ what, level, message, fix }: Finding): string {
  const line = `${MARKS[level]}  ${what.padEnd(13)} ${message}\n`;
  return fix === null ? line : `${line}${" ".repeat(9)}${" ".repeat(13)} → ${fix}\n`;
}
