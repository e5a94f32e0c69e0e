/** Files: as people share them, in events, and from `files.info`. */
import type { PostedFile } from "./types.ts";
import { type Channel, type FileRecord, nextId, type World } from "./world.ts";

/** Stores a file that somebody shares. */
export function storeFile(
  world: World,
  file: PostedFile,
  o: { user: string; channel: Channel; ts: string },
): FileRecord {
  const record: FileRecord = {
    id: nextId(world, "F"),
    name: file.name,
    title: file.name,
    mediaType: file.mediaType,
    bytes: file.bytes,
    user: o.user,
    mode: file.externalUrl ? "external" : (file.mode ?? "hosted"),
    externalUrl: file.externalUrl,
    awaiting: null,
    complete: true,
    shares: [{ channel: o.channel, ts: o.ts }],
  };
  world.files.set(record.id, record);
  return record;
}

/** Returns the file as in an event: in a channel shared with another workspace only its id. */
export function fileEvent(world: World, file: FileRecord, channel: Channel): Record<string, unknown> {
  if (channel.shared)
    return { id: file.id, created: 0, timestamp: 0, user: "", mode: "file_access", file_access: "check_file_info" };
  return fileObject(world, file);
}

/** Returns the file as from `files.info`. */
export function fileObject(world: World, file: FileRecord): Record<string, unknown> {
  const { id, name, title, mediaType, user, mode } = file;
  if (mode === "tombstone" || mode === "hidden_by_limit")
    return { id, mode, name: null, created: 0, timestamp: 0, user };
  const base = {
    id,
    name,
    title,
    mimetype: mediaType,
    filetype: name.split(".").pop() ?? "",
    size: file.bytes.length,
    user,
  };
  const kind = { mode, is_external: mode === "external", external_type: "", is_public: false, file_access: "visible" };
  const created = { created: Math.floor(Date.now() / 1000), timestamp: Math.floor(Date.now() / 1000) };
  if (file.externalUrl) return { ...base, ...kind, ...created, url_private: file.externalUrl };
  const root = `${world.apiUrl}/files/${world.ids.teamId}-${id}`;
  const urls = { url_private: `${root}/${encodeURIComponent(name)}` };
  const download = { url_private_download: `${root}/download/${encodeURIComponent(name)}` };
  return {
    ...base,
    ...kind,
    ...created,
    ...urls,
    ...download,
    permalink: `https://acme.slack.com/files/${user}/${id}`,
  };
}
