/** For Slack's SDK and Bolt, which log bodies: these are customers' words, and what matters reaches us as an error. */
export const quiet = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => "error" as never,
  setName: () => {},
};
