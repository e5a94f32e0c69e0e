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

// 1. Only the holder of the lock (embedded/lock.ts) keeps a server running; everybody else is refused.
// 2. A server that we hold the lock of but did not start is an orphan of a killed process: it is stopped first.
// 3. The URL stays true as long as we hold the server: one that dies comes back on the same port.

/** A PostgreSQL server that lives as long as this process wants it. */
export interface EmbeddedServer extends AsyncDisposable {
  /** Stays the same for the life of this object, also across a crash of the server. */
  url: string;
  /** Ends the server; what is committed is kept. */
  stop(): Promise<void>;
}

/** A holder that was killed a moment ago needs this long at most until its connection is gone. */
const HELD_FOR_MS = 1_000;
/** Replaying what a crashed server had not yet written to its tables can take minutes. */
const READY_WITHIN_MS = 300_000;
/** A process by the pid of `postmaster.pid` that never answers, where we cannot see what it is. */
const ANSWER_WITHIN_MS = 10_000;
const POLL_MS = 15;

type Session = Extract<LockClaim, { kind: "ours" }>["session"];
interface Held {
  postmaster: Postmaster;
  session: Session;
}

/**
 * Runs a PostgreSQL over `<dataDir>/pg`, made on first use, on 127.0.0.1 only, and keeps it running.
 * One process at a time may do this per data folder.
 * @throws EmbeddedFault saying what is wrong, where, and what to do.
 */
export async function startEmbedded({ dataDir, log }: { dataDir: string; log: Logger }): Promise<EmbeddedServer> {
  const cluster = await prepareCluster(dataDir, { log });
  let held = await hold(cluster, { log, mayMove: true }).catch(async (error: unknown) => {
    await removeCopy(cluster.programs.copy);
    throw error;
  });
  await removeLeftovers(cluster);
  await rememberPort(cluster);
  const ending = new AbortController();
  let mended: Promise<void> = Promise.resolve();

  const watch = (session: Session) => {
    session.once("end", () => {
      if (!ending.signal.aborted) mended = fix();
    });
  };
  const fix = async () => {
    log.error({ folder: cluster.folder }, "database server lost");
    for (let attempt = 1; !ending.signal.aborted; attempt++) {
      try {
        held = await hold(cluster, { log, mayMove: false, mine: held.postmaster });
        watch(held.session);
        log.info({ folder: cluster.folder, attempt }, "database server regained");
        return;
      } catch (error) {
        log.error({ err: error, attempt }, "database server not yet regained");
        await pause(backoffMs(attempt, { baseMs: 100, maxMs: 5_000 }));
      }
    }
  };
  const stop = async () => {
    ending.abort();
    await mended;
    await release(cluster, held);
    await removeCopy(cluster.programs.copy);
  };
  watch(held.session);
  return { url: embeddedUrl(cluster), stop, [Symbol.asyncDispose]: stop };
}

interface HoldOptions {
  log: Logger;
  /** Tells whether another port may be taken when the cluster's is in use. */
  mayMove: boolean;
  /** The server that we started before; it may live on. */
  mine?: Postmaster;
}

/** Takes the lock on a server of ours: one that runs, else one started now. */
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

/** Deals with a server that is there already. Null: look again. */
async function joinServer(
  cluster: Cluster,
  { running, waitedMs, mine, log }: HoldOptions & { running: RunningServer; waitedMs: number },
): Promise<Held | null> {
  const { folder, password } = cluster;
  const taken = await claimLock(embeddedUrl({ port: running.port, password }));
  switch (taken.kind) {
    case "ours":
      if (mine && mine.pid === running.pid && !mine.ended()) return { postmaster: mine, session: taken.session };
      log.warn({ folder, pid: running.pid }, "database server of a killed process found and stopped");
      await taken.session.end();
      await endServer(folder, running.pid);
      return null;
    case "held":
      if (waitedMs < HELD_FOR_MS) return null;
      throw new EmbeddedFault(
        `The database in ${folder} is in use by ${taken.by}. Stop that process first, or choose another data folder.`,
      );
    case "unready":
    case "foreign": {
      const ours = await isServerOf(folder, running.pid);
      if (ours === false) await removeStalePidFile(folder);
      if (ours !== null || waitedMs < ANSWER_WITHIN_MS) return null;
      throw new EmbeddedFault(
        `${folder}/postmaster.pid names process ${running.pid}, which does not answer as its database (${taken.why}). ` +
          "If that process is not PostgreSQL, remove that file and start again.",
      );
    }
  }
}

/** Starts a server and takes its lock. Null: another process was faster, or the port was in use; look again. */
async function startServer(cluster: Cluster, { log, mayMove }: HoldOptions): Promise<Held | null> {
  const postmaster = spawnPostmaster(cluster, { log });
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!postmaster.ended() && performance.now() < deadline) {
    const attempt = claimLock(embeddedUrl(cluster));
    // Somebody else's program on our port may never answer; our server ends then.
    await Promise.race([attempt, postmaster.end]);
    if (postmaster.ended()) {
      attempt.then((taken) => (taken.kind === "ours" ? taken.session.end() : null)).catch(() => {});
      break;
    }
    const taken = await attempt;
    // Not ours: another process took it in the server's first moments, sees an orphan, and will stop it.
    if (taken.kind === "ours") return { postmaster, session: taken.session };
    await pause(POLL_MS);
  }
  if (!postmaster.ended()) await endServer(cluster.folder, postmaster.pid);
  const said = await postmaster.end;
  if (
    /lock file "postmaster.pid" already exists|pre-existing shared memory block|received \w+ shutdown request/.test(
      said,
    )
  )
    return null;
  if (/lock file "postmaster.pid" is empty/.test(said)) {
    await removeEmptyPidFile(cluster.folder);
    return null;
  }
  if (/could not create any TCP\/IP sockets|Address already in use/.test(said) && mayMove) {
    cluster.port = await freePort();
    return null;
  }
  throw toEmbeddedFault(said, { folder: cluster.folder, user: cluster.account.name });
}

async function release(cluster: Cluster, { postmaster, session }: Held): Promise<void> {
  await session.end().catch(() => {});
  if (!postmaster.ended()) await endServer(cluster.folder, postmaster.pid);
  await postmaster.end;
}
