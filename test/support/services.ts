import { createHash, randomBytes } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, escapeLiteral } from "pg";
import { createLogger } from "../../src/lib/logger.ts";
import { type EmbeddedServer, startEmbedded } from "../../src/store/embedded.ts";
import { migrate } from "../../src/store/migrate.ts";
import { ownRedis } from "./own-redis.ts";

// The tests' PostgreSQL and Redis: DATABASE_URL and REDIS_URL, else servers on the default local ports, else servers that
// we start. Shared by every test file: never wipe, stop or kill them (own-*.ts are for that).

/** Variables set by global-setup.ts once per run, and read by every worker. "" means none. */
export const servicesEnvironment = {
  postgres: "FRONTDESK_TEST_POSTGRES",
  redis: "FRONTDESK_TEST_REDIS",
  run: "FRONTDESK_TEST_RUN",
} as const;

const LOCAL_POSTGRES = ["postgres://postgres@127.0.0.1:5432/test", "postgres://postgres@127.0.0.1:5432/postgres"];
const LOCAL_REDIS = { host: "127.0.0.1", port: 6379 };
const PROBE_MS = 1_000;

/** A server that is stopped on disposal if we started it. */
export interface Service<Url extends string | null> extends AsyncDisposable {
  url: Url;
}

const shared: { postgres?: Promise<Service<string>>; redis?: Promise<Service<string | null>> } = {};

/** Returns the URL of a PostgreSQL on which this user may create databases. */
export async function postgresUrl(): Promise<string> {
  shared.postgres ??= findPostgres();
  return (await shared.postgres).url;
}

/** Returns the URL of a Redis, or null if this machine has none. Use a `redisPrefix()` on it. */
export async function redisUrl(): Promise<string | null> {
  shared.redis ??= findRedis();
  return (await shared.redis).url;
}

/** Returns a unique key prefix. */
export function redisPrefix(): string {
  return `frontdesk-test-${randomBytes(6).toString("hex")}`;
}

/** Finds PostgreSQL, or starts one. */
export async function findPostgres(): Promise<Service<string>> {
  const given = process.env[servicesEnvironment.postgres] || process.env.DATABASE_URL;
  if (given) return unowned(given);
  for (const url of LOCAL_POSTGRES) if (await answersSql(url)) return unowned(url);
  return embedded();
}

/** Finds Redis, or starts one if the program is installed. */
export async function findRedis(): Promise<Service<string | null>> {
  const known = process.env[servicesEnvironment.redis];
  if (known !== undefined) return unowned(known || null);
  if (process.env.REDIS_URL) return unowned(process.env.REDIS_URL);
  if (await answersPing(LOCAL_REDIS)) return unowned(`redis://${LOCAL_REDIS.host}:${LOCAL_REDIS.port}`);
  if (!onPath("redis-server")) return unowned(null);
  return ownRedis();
}

/** Returns the path of Chromium, or null. */
export function chromiumPath(): string | null {
  return process.env.CHROMIUM_PATH ?? onPath("chromium") ?? onPath("chromium-browser") ?? onPath("google-chrome");
}

/** A private database, migrated and empty. */
export interface FreshDatabase extends AsyncDisposable {
  url: string;
  /** Has it dropped in the background, after those before it: this takes up to a second. */
  drop(): Promise<void>;
}

/** The next fresh database of this process, made while a test runs. */
let next: Promise<FreshDatabase> | null = null;

/**
 * Creates a database, cloned from a template that is migrated once per state of `migrations/`. Drop it in `afterAll`; the
 * end of the run drops forgotten ones.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const made = next ?? cloneTemplate();
  // Outside a run nothing would drop it.
  next = process.env[servicesEnvironment.run] === undefined ? null : made.then(cloneTemplate);
  next?.catch(() => {});
  return made;
}

const cloneTemplate = () => newDatabase((admin, server) => migratedTemplate(admin, server));

/** Creates a database without our schema. */
export async function emptyDatabase(): Promise<FreshDatabase> {
  return newDatabase(async () => "template0");
}

async function newDatabase(template: (admin: Client, server: string) => Promise<string>): Promise<FreshDatabase> {
  const server = await postgresUrl();
  const run = process.env[servicesEnvironment.run] ?? `p${process.pid}`;
  const name = `${databasesOf(run)}${randomBytes(5).toString("hex")}`;
  await withClient(server, async (admin) => {
    const from = await template(admin, server);
    await admin.query("select pg_advisory_lock_shared($1)", [CREATE_LOCK]);
    await admin.query(`create database ${name} template ${from}`);
    // This server is never crashed, so that no commit need wait for the disk (own-postgres.ts is for crashes).
    await admin.query(`alter database ${name} set synchronous_commit = off`);
  });
  const drop = () => dropSoon(server, name);
  return { url: databaseUrl(server, name), drop, [Symbol.asyncDispose]: drop };
}

/** The drop that is under way. */
let dropping: Promise<void> = Promise.resolve();

/** Begins to drop a database when the one before is gone. One that can't be dropped is left to the end of the run. */
async function dropSoon(server: string, name: string): Promise<void> {
  const before = dropping;
  const drop = () => withClient(server, (admin) => admin.query(`drop database if exists ${name} with (force)`));
  dropping = before.then(drop).catch(() => {});
  await before;
}

/** Drops the databases that the tests of a run left behind. */
export async function dropDatabasesOf(run: string, server: string): Promise<void> {
  await withClient(server, async (admin) => {
    // A process that ended may have left the creation of one under way.
    await admin.query("select pg_advisory_lock($1)", [CREATE_LOCK]);
    const { rows } = await admin.query<{ name: string }>(
      "select datname as name from pg_database where starts_with(datname, $1)",
      [databasesOf(run)],
    );
    for (const { name } of rows) await admin.query(`drop database if exists ${name} with (force)`);
  });
}

const databasesOf = (run: string) => `frontdesk_test_${run}_`;

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
/** Number of the advisory lock under which templates are built, one at a time. */
const TEMPLATE_LOCK = 7_381_240_371;
/** Number of the advisory lock that is shared by those who create a database. */
const CREATE_LOCK = 7_381_240_372;

async function migratedTemplate(admin: Client, server: string): Promise<string> {
  const template = `frontdesk_template_${await schemaHash()}`;
  await admin.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await admin.query("select 1 from pg_database where datname = $1", [template]);
    if (rowCount === 0) await buildTemplate(admin, server, template);
  } finally {
    await admin.query("select pg_advisory_unlock($1)", [TEMPLATE_LOCK]);
  }
  return template;
}

/** Builds a template under another name first, so that an existing template is complete. */
async function buildTemplate(admin: Client, server: string, template: string): Promise<void> {
  const making = `${template}_making`;
  await admin.query(`drop database if exists ${making} with (force)`);
  await admin.query(`create database ${making} template template0 encoding 'UTF8'`);
  await migrate(databaseUrl(server, making));
  await admin.query(`alter database ${making} rename to ${template}`);
  await dropOlderTemplates(admin, template);
}

/** Drops older templates of this checkout, which are marked with the project's folder. */
async function dropOlderTemplates(admin: Client, template: string): Promise<void> {
  await admin.query(`comment on database ${template} is ${escapeLiteral(PROJECT)}`);
  const { rows } = await admin.query<{ name: string }>(
    `select datname as name from pg_database where starts_with(datname, 'frontdesk_template_')
     and datname <> $1 and shobj_description(oid, 'pg_database') = $2`,
    [template, PROJECT],
  );
  for (const { name } of rows) await admin.query(`drop database if exists ${name} with (force)`);
}

/** Hashes everything that determines a migrated database. */
async function schemaHash(): Promise<string> {
  const hash = createHash("sha256");
  const migrations = join(PROJECT, "migrations");
  const names = (await readdir(migrations, { recursive: true })).filter((name) => /\.(sql|json)$/.test(name)).sort();
  for (const name of names) hash.update(name).update(await readFile(join(migrations, name)));
  hash.update(await readFile(join(PROJECT, "src/store/migrate.ts")));
  return hash.digest("hex").slice(0, 12);
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient(connectionString: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

async function embedded(): Promise<EmbeddedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "frontdesk-postgres-"));
  // mkdtemp makes a private folder, but as root the server runs as another user.
  await chmod(dataDir, 0o755);
  const server = await startEmbedded({ dataDir, log: createLogger({ level: "error" }) });
  const stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: server.url, stop, [Symbol.asyncDispose]: stop };
}

function unowned<Url extends string | null>(url: Url): Service<Url> {
  return { url, [Symbol.asyncDispose]: async () => {} };
}

async function answersSql(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: PROBE_MS });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** True when a Redis without a password listens there. */
function answersPing({ host, port }: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_MS }, () => socket.write("PING\r\n"));
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (data) => end(data.toString().startsWith("+PONG")));
    socket.once("error", () => end(false)).once("timeout", () => end(false));
  });
}

function onPath(program: string): string | null {
  for (const folder of (process.env.PATH ?? "").split(":")) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}
