// Writes a migration of what changed in src/store/schema*.ts: npm run migrate:generate -- --name add_something
import { spawnSync } from "node:child_process";

const args = process.argv.slice(2);
const name = args[args.indexOf("--name") + 1];
if (!args.includes("--name") || !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(name ?? "")) {
  process.stderr.write(
    "Name the migration for what it does: npm run migrate:generate -- --name add_something\n" +
      "Without a name drizzle-kit would make one up.\n",
  );
  process.exit(2);
}
const { status } = spawnSync(
  process.execPath,
  ["tools/run.mjs", "drizzle-kit", "generate", "--config", "tools/drizzle.config.mjs", ...args],
  { stdio: "inherit" },
);
process.exitCode = status ?? 1;
