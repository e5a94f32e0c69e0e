/** Sends one HTTP request of Slack to the server under test, on a new connection each time. */
import { request } from "node:http";

export interface PostResult {
  /** 0: no answer. */
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
  /** Slack's name of the failure (`x-slack-retry-reason`). */
  reason: "http_timeout" | "connection_failed" | "http_error" | null;
}

export interface Outgoing {
  url: string;
  body: string;
  headers: Record<string, string>;
  timeoutMs: number;
}

/** Posts and reads the whole answer; never rejects. */
export function postTo({ url, body, headers, timeoutMs }: Outgoing): Promise<PostResult> {
  return new Promise((resolve) => {
    const all = { ...headers, "content-length": String(Buffer.byteLength(body)), "user-agent": "Slackbot 1.0" };
    const nothing = (reason: PostResult["reason"]): void => resolve({ status: 0, body: "", headers: {}, reason });
    const outgoing = request(url, { method: "POST", headers: all, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", () => nothing("connection_failed"));
      answer.on("end", () => {
        clearTimeout(clock);
        const status = answer.statusCode ?? 0;
        const reason = status >= 200 && status < 300 ? null : "http_error";
        resolve({ status, body: Buffer.concat(chunks).toString("utf8"), headers: answer.headers, reason });
      });
    });
    const clock = setTimeout(() => {
      nothing("http_timeout");
      outgoing.destroy();
    }, timeoutMs);
    outgoing.on("error", () => {
      clearTimeout(clock);
      nothing("connection_failed");
    });
    outgoing.end(body);
  });
}
