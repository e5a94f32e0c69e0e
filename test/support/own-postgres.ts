import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { createLogger } from "../../src/lib/logger.ts";
import { type Cluster, prepareCluster } from "../../src/store/embedded/cluster.ts";
import { embeddedUrl } from "../../src/store/embedded/lock.ts";
import { endServer, type Postmaster, spawnPostmaster } from "../../src/store/embedded/postmaster.ts";

/** A PostgreSQL that a test may kill and restart. */
export interface OwnPostgres extends AsyncDisposable {
  url: string;
  /** Kills the server, as by `kill -9`; it stays down until `restart()`. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the committed data; stops a running one first. */
  restart(): Promise<void>;
  /** Stops the server in order; it stays down until `restart()`. */
  stop(): Promise<void>;
  /** Cuts every client's connection; the server keeps running. */
  disconnectClients(): Promise<void>;
}

const READY_WITHIN_MS = 30_000;

/** Starts a throw-away PostgreSQL without our schema; its folder is removed on disposal. */
export async function ownPostgres(): Promise<OwnPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), "frontdesk-own-postgres-"));
  // mkdtemp makes a private folder, but as root the server runs as another user.
  await chmod(dataDir, 0o755);
  const cluster = await prepareCluster(dataDir, { log });
  let server = await start(cluster);
  const kill = async () => {
    if (!server.ended()) process.kill(server.pid, "SIGKILL");
    await server.end;
  };
  const stop = async () => {
    if (!server.ended()) await endServer(cluster.folder, server.pid);
    await server.end;
  };
  return {
    url: embeddedUrl(cluster),
    kill,
    stop,
    async restart() {
      await stop();
      server = await start(cluster);
    },
    async disconnectClients() {
      await withClient(cluster, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()");
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const log = createLogger({ level: "silent" });

/** Starts the server; retries, because a killed server's children hold its memory for a moment. */
async function start(cluster: Cluster): Promise<Postmaster> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const server = spawnPostmaster(cluster, { log });
    while (!server.ended()) {
      if (
        await withClient(cluster, "select 1").then(
          () => true,
          () => false,
        )
      )
        return server;
      await pause(10);
    }
    if (performance.now() > deadline) throw new Error(`PostgreSQL did not start: ${await server.end}`);
    await pause(20);
  }
}

async function withClient(cluster: Cluster, statement: string): Promise<void> {
  const client = new Client({ connectionString: embeddedUrl(cluster) });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end().catch(() => {});
  }
}
