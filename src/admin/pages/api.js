/** Calls of the server's API. They throw an Error whose message can be shown. */

const GONE = "The server does not answer. Is it still running?";

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(`/playground/api/${path}`, options);
  } catch {
    throw new Error(GONE);
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.message ?? `The server answered ${answer.status}.`);
  return body;
}

const post = (path, body) =>
  ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export const setup = () => ask("setup");
export const view = (look) => ask(`view?${query(look)}`);
export const write = (message) => post("write", message);
export const act = (action) => post("desk", action);
export const liveUrl = (look) => `/playground/api/live?${query(look)}`;

function query({ channel, thread, openCase, journal }) {
  const wanted = new URLSearchParams({ channel, thread });
  if (openCase !== null) wanted.set("case", openCase);
  if (journal !== null) wanted.set("journal", journal);
  return wanted;
}

/** Makes a unique id, so that a repeated request is handled once. (randomUUID would need https.) */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
