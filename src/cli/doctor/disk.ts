import { access, constants, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Config } from "../../config.ts";
import { type Finding, fine, problem, warning } from "./finding.ts";

const MB = 1_000_000;
/** PostgreSQL stops when it can't write its WAL, of which it keeps up to a gigabyte (max_wal_size). */
const SCARCE_BYTES = 2_000 * MB;
const FULL_BYTES = 200 * MB;

/** Checks free space and write permission for the embedded database. */
export async function checkDisk({ databaseUrl, dataDir }: Config): Promise<Finding[]> {
  if (databaseUrl !== null) return [];
  const folder = await nearestFolder(dataDir);
  try {
    await access(folder, constants.W_OK);
  } catch {
    const fix = "Give this user that folder (chown), or name another one with FRONTDESK_DATA.";
    return [problem("disk", `${folder} can't be written to`, fix)];
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const message = `${Math.round(free / MB)} MB free for ${dataDir}`;
  const fix = "Free some space, or name a folder on another disk with FRONTDESK_DATA.";
  if (free < FULL_BYTES) return [problem("disk", message, fix)];
  return [free < SCARCE_BYTES ? warning("disk", message, fix) : fine("disk", message)];
}

/** Returns the folder, or the nearest existing one above it. */
async function nearestFolder(folder: string): Promise<string> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  return there || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}
