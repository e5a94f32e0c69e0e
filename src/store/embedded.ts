import { setTimeout as pause } from "node:timers/promises";
import { backoffMs } from "../lib/backoff.ts";
import type { Logger } from "../lib/logger.ts";
import { type Cluster, freePort, prepareCluster, rememberPort, removeLeftovers } from "./embedded/cluster.ts";
import { EmbeddedFault, toEmbeddedFault } from "./embedded/fault.ts";
import { claimLock, embeddedUrl, type LockClaim } from "./embedded/lock.ts";
import {
  endServer,
  isServerOf,
  type Postmaster,
  type RunningServer,
  removeEmptyPidFile,
  removeStalePidFile,
  runningServer,
  spawnPostmaster,
} from "./embedded/postmaster.ts";
import { removeCopy } from "./embedded/programs.ts";

// 1. Only the holder of the lock (embedded/lock.ts) keeps a server running; other processes are refused.
// 2. A server whose lock we get but that we did not start is an orphan of a killed process: it is stopped first.
// 3. The URL stays valid while we hold the server: one that dies is restarted on the same port.

/** A running embedded PostgreSQL server. */
export interface EmbeddedServer extends AsyncDisposable {
  /** Stays the same for the lifetime of this object, also across a crash of the server. */
  url: string;
  /** Stops the server; committed data is kept. */
  stop(): Promise<void>;
}

/** Time until the connection of a killed holder is closed. */
const HELD_FOR_MS = 1_000;
/** Crash recovery can take minutes. */
const READY_WITHIN_MS = 300_000;
/** Wait for an unidentifiable process with the pid of `postmaster.pid` to answer. */
const ANSWER_WITHIN_MS = 10_000;
const POLL_MS = 15;

type Session = Extract<LockClaim, { kind: "acquired" }>["session"];
interface Held {
  postmaster: Postmaster;
  session: Session;
}

/**
 * Runs a PostgreSQL over `<dataDir>/pg`, created on first use, on 127.0.0.1 only, and restarts it when it dies.
 * Only one process per data folder may do so.
 * @throws EmbeddedFault with the problem, its place and a fix.
 */
export async function startEmbedded({ dataDir, log }: { dataDir: string; log: Logger }): Promise<EmbeddedServer> {
  const cluster = await prepareCluster(dataDir, { log });
  let held = await hold(cluster, { log, mayMove: true }).catch(async (error: unknown) => {
    await removeCopy(cluster.programs.copy);
    throw error;
  });
  await removeLeftovers(cluster, { log });
  await rememberPort(cluster);
  const stopping = new AbortController();
  let restored: Promise<void> = Promise.resolve();

  const watch = (session: Session) => {
    session.once("end", () => {
      if (!stopping.signal.aborted) restored = restore();
    });
  };
  const restore = async () => {
    log.error({ folder: cluster.folder }, "postgres lost");
    for (let attempt = 1; !stopping.signal.aborted; attempt++) {
      try {
        held = await hold(cluster, { log, mayMove: false, mine: held.postmaster });
        watch(held.session);
        log.info({ folder: cluster.folder, attempt }, "postgres restored");
        return;
      } catch (error) {
        log.error({ err: error, attempt }, "postgres not restored yet");
        await pause(backoffMs(attempt, { baseMs: 100, maxMs: 5_000 }));
      }
    }
  };
  const stop = async () => {
    stopping.abort();
    await restored;
    await release(cluster, held);
    await removeCopy(cluster.programs.copy);
  };
  watch(held.session);
  return { url: embeddedUrl(cluster), stop, [Symbol.asyncDispose]: stop };
}

interface HoldOptions {
  log: Logger;
  /** True when another port may be used if the cluster's is taken. */
  mayMove: boolean;
  /** The server that we started earlier; it may still run. */
  mine?: Postmaster;
}

/** Takes the lock on the cluster's server, starting one if none runs. */
async function hold(cluster: Cluster, options: HoldOptions): Promise<Held> {
  const since = performance.now();
  for (;;) {
    const waitedMs = performance.now() - since;
    const running = await runningServer(cluster.folder);
    const held = running
      ? await joinServer(cluster, { ...options, running, waitedMs })
      : await startServer(cluster, options);
    if (held) return held;
    if (waitedMs > READY_WITHIN_MS) {
      throw new EmbeddedFault(
        `The database in ${cluster.folder} did not become ready within five minutes. See the log.`,
      );
    }
    await pause(POLL_MS);
  }
}

/** Tries to take over a running server. Null: try again. */
async function joinServer(
  cluster: Cluster,
  { running, waitedMs, mine, log }: HoldOptions & { running: RunningServer; waitedMs: number },
): Promise<Held | null> {
  const { folder, password } = cluster;
  const claim = await claimLock(embeddedUrl({ port: running.port, password }));
  switch (claim.kind) {
    case "acquired":
      if (mine && mine.pid === running.pid && !mine.ended()) return { postmaster: mine, session: claim.session };
      log.warn({ folder, pid: running.pid }, "orphaned postgres stopped");
      // The lock is held until the server is gone, so that no other process takes this server over meanwhile.
      await endServer(folder, running.pid);
      claim.session.end().catch(() => {});
      return null;
    case "held":
      if (waitedMs < HELD_FOR_MS) return null;
      throw new EmbeddedFault(
        `The database in ${folder} is in use by ${claim.by}. Stop that process first, or choose another data folder.`,
      );
    case "unready":
    case "foreign": {
      const isOurs = await isServerOf(folder, running.pid);
      if (isOurs === false) await removeStalePidFile(folder);
      if (isOurs !== null || waitedMs < ANSWER_WITHIN_MS) return null;
      throw new EmbeddedFault(
        `${folder}/postmaster.pid names process ${running.pid}, which does not answer as its database (${claim.reason}). ` +
          "If that process is not PostgreSQL, remove that file and start again.",
      );
    }
  }
}

/** Starts a server and takes its lock. Null: another process was faster, or the port was in use; try again. */
async function startServer(cluster: Cluster, { log, mayMove }: HoldOptions): Promise<Held | null> {
  const postmaster = spawnPostmaster(cluster, { log });
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!postmaster.ended() && performance.now() < deadline) {
    const attempt = claimLock(embeddedUrl(cluster));
    // Another program on our port may never answer; our server exits then.
    await Promise.race([attempt, postmaster.end]);
    if (postmaster.ended()) {
      attempt.then((claim) => (claim.kind === "acquired" ? claim.session.end() : null)).catch(() => {});
      break;
    }
    const claim = await attempt;
    // Otherwise another process took the lock first, regards our server as an orphan, and will stop it.
    if (claim.kind === "acquired") return { postmaster, session: claim.session };
    await pause(POLL_MS);
  }
  if (!postmaster.ended()) await endServer(cluster.folder, postmaster.pid);
  const output = await postmaster.end;
  if (
    /lock file "postmaster.pid" already exists|pre-existing shared memory block|received \w+ shutdown request/.test(
      output,
    )
  )
    return null;
  if (/lock file "postmaster.pid" is empty/.test(output)) {
    await removeEmptyPidFile(cluster.folder);
    return null;
  }
  if (/could not create any TCP\/IP sockets|Address already in use/.test(output) && mayMove) {
    cluster.port = await freePort();
    return null;
  }
  throw toEmbeddedFault(output, { folder: cluster.folder, user: cluster.account.name });
}

async function release(cluster: Cluster, { postmaster, session }: Held): Promise<void> {
  await session.end().catch(() => {});
  if (!postmaster.ended()) await endServer(cluster.folder, postmaster.pid);
  await postmaster.end;
}
