import { z } from "zod";
import type { Connection } from "../../src/adapter/adapter.ts";
import { SendError } from "../../src/adapter/send-error.ts";
import { remoteId } from "../../src/domain/ids.ts";

const Accepted = z.object({ id: z.string().min(1) });
const NOT_SENT = { outcome: "not-sent" } as const;
const UNKNOWN = { outcome: "unknown", retry: "never" } as const;

export const connect = async ({ api_url }: { api_url: string }): Promise<Connection<{ text: string }>> => ({
  async send(thread, body, { signal, leaving }) {
    if (signal.aborted) throw new SendError("Aborted before it began", { ...NOT_SENT, retry: { afterMs: 0 } });
    leaving();
    try {
      const response = await fetch(api_url, {
        method: "POST",
        body: JSON.stringify({ to: thread, ...body }),
        signal,
      });
      if (!response.ok) throw refusal(response);
      return remoteId(Accepted.parse(await response.json()).id);
    } catch (error) {
      throw error instanceof SendError ? error : lost(error);
    }
  },
  close: async () => {},
});

function refusal({ status, headers }: Response): SendError {
  const waitMs = Number(headers.get("retry-after") ?? 5) * 1_000;
  if (status === 429) return new SendError("The pager is busy", { ...NOT_SENT, retry: { afterMs: waitMs } });
  const facts = status >= 500 ? UNKNOWN : { ...NOT_SENT, retry: "never" as const };
  return new SendError(`The pager answered ${status}`, { ...facts, code: `http_${status}` });
}

/** Only a refused connection has certainly carried nothing. */
function lost(cause: unknown): SendError {
  const refused = cause instanceof Error && (cause.cause as { code?: string } | undefined)?.code === "ECONNREFUSED";
  if (refused) return new SendError("No pager listens there", { ...NOT_SENT, retry: { afterMs: 5_000 }, cause });
  return new SendError("The pager did not confirm the page", { ...UNKNOWN, cause });
}
