/** `auth.test`, `apps.connections.open`, and other methods about the installation. */
import { ticketUrl } from "../socket.ts";
import type { Method } from "./call.ts";

const TEAM = { name: "Acme", domain: "acme", url: "https://acme.slack.com/" };

export const auth: Record<string, Method> = {
  "auth.test": {
    needs: [],
    takes: {},
    run: ({ world: { ids } }) => ({
      url: TEAM.url,
      team: TEAM.name,
      user: "support-desk",
      team_id: ids.teamId,
      user_id: ids.botUserId,
      bot_id: ids.botId,
      is_enterprise_install: false,
    }),
  },
  "apps.connections.open": {
    needs: [],
    appLevel: true,
    takes: { debug_reconnects: "flag" },
    run: ({ world }) => ({ url: ticketUrl(world) }),
  },
  "team.info": {
    needs: ["team:read"],
    takes: { team: "text" },
    run: ({ world }) => ({ team: { id: world.ids.teamId, name: TEAM.name, domain: TEAM.domain, url: TEAM.url } }),
  },
};
