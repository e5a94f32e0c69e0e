/** Links to files: prolonged or made anew for whoever may have one, and taken back. */
import type { StoredFile } from "../domain/message.ts";
import type { Db, Statement } from "./db.ts";
import { FILE_LINK_LASTS_DAYS, fileToken } from "./files.ts";

const OF_CONVERSATION: Statement = {
  name: "files_of_conversation",
  text: `select id from file where conversation = $1 order by id`,
};

// Parts that still wait to be sent name the old token, so a link that is good is prolonged; one that is over never comes back.
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

/** Links to all files of a conversation, good for `FILE_LINK_LASTS_DAYS` from now. */
export async function renewFileLinks(db: Db, conversation: number): Promise<StoredFile[]> {
  const kept = await db.run<{ id: number }>(OF_CONVERSATION, [conversation]);
  const renewed: StoredFile[] = [];
  for (const { id } of kept)
    renewed.push(...(await db.run<StoredFile>(RENEW, [id, fileToken(), FILE_LINK_LASTS_DAYS])));
  return renewed;
}

/** Makes links read nothing from now on; answers with how many did until now. The files stay. */
export async function revokeFileLinks(db: Db, of: { conversation: number } | { token: string }): Promise<number> {
  const [statement, value] = "token" in of ? [REVOKE_ONE, of.token] : [REVOKE_ALL, of.conversation];
  return (await db.run(statement, [value])).length;
}
