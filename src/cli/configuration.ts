import {
  type Config,
  type ConfigFault,
  type ConfigFlags,
  type Environment,
  readConfig,
  withEnvFile,
} from "../config.ts";
import type { Result } from "../lib/result.ts";
import type { Arguments } from "./arguments.ts";
import { UsageError, type World } from "./world.ts";

export interface Configuration {
  config: Config;
  /** The environment merged with `.env` of the home folder. */
  env: Environment;
}

/** Reads the configuration for a command. Throws UsageError listing every fault. */
export function configurationOf(args: Arguments, world: World): Configuration {
  const { env, read } = readConfiguration(args, world);
  if (read.ok) return { config: read.value, env };
  throw new UsageError(read.fault.map(({ name, problem }) => `${name} ${problem}.`).join("\n"));
}

/** Reads the configuration, returning its faults, for a command that reports them itself. */
export function readConfiguration(
  args: Arguments,
  world: World,
): { env: Environment; read: Result<Config, ConfigFault[]> } {
  const flags: ConfigFlags = { role: args.flag("role"), port: args.flag("port"), home: args.flag("home") };
  const env = withEnvFile(world.env, flags);
  return { env, read: readConfig(env, flags) };
}
