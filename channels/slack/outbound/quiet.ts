/** Silent logger for Slack's SDK and Bolt, which log bodies with customers' words; their errors are thrown anyway. */
export const quiet = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => "error" as never,
  setName: () => {},
};
