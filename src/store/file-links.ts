/** Renews and revokes links to files. */
import type { StoredFile } from "../domain/message.ts";
import type { Db, Statement } from "./db.ts";
import { FILE_LINK_LASTS_DAYS, fileToken } from "./files.ts";

const OF_CONVERSATION: Statement = {
  name: "files_of_conversation",
  text: `select id from file where conversation = $1 order by id`,
};

// Waiting parts contain the old token, so a valid link is extended; an expired one gets a new token and never works again.
const RENEW: Statement = {
  name: "renew_file_link",
  text: `update file set token = case when link_until > now() then token else $2 end,
      link_until = now() + make_interval(days => $3)
    where id = $1
    returning id, name, media_type as "mediaType", bytes, token`,
};

const REVOKE_ALL: Statement = {
  name: "revoke_file_links",
  text: `update file set link_until = '-infinity' where conversation = $1 and link_until > now() returning id`,
};

const REVOKE_ONE: Statement = {
  name: "revoke_file_link",
  text: `update file set link_until = '-infinity' where token = $1 and link_until > now() returning id`,
};

/** Renews links to all files of a conversation, for `FILE_LINK_LASTS_DAYS` from now. */
export async function renewFileLinks(db: Db, conversation: number): Promise<StoredFile[]> {
  const kept = await db.run<{ id: number }>(OF_CONVERSATION, [conversation]);
  const renewed: StoredFile[] = [];
  for (const { id } of kept)
    renewed.push(...(await db.run<StoredFile>(RENEW, [id, fileToken(), FILE_LINK_LASTS_DAYS])));
  return renewed;
}

/** Revokes links; the files stay. Returns the number of links revoked. */
export async function revokeFileLinks(db: Db, of: { conversation: number } | { token: string }): Promise<number> {
  const [statement, value] = "token" in of ? [REVOKE_ONE, of.token] : [REVOKE_ALL, of.conversation];
  return (await db.run(statement, [value])).length;
}
