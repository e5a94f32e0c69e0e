/** One thing the doctor looked at. */
export interface Finding {
  what:
    | "configuration"
    | "database"
    | "redis"
    | "content"
    | "secrets"
    | "channels"
    | "webhooks"
    | "exposure"
    | "backlog"
    | "limits"
    | "disk";
  level: "fine" | "warning" | "problem";
  message: string;
  /** What to do about it; null where nothing has to be done. */
  fix: string | null;
}

export const fine = (what: Finding["what"], message: string): Finding => ({ what, level: "fine", message, fix: null });

export const warning = (what: Finding["what"], message: string, fix: string): Finding => ({
  what,
  level: "warning",
  message,
  fix,
});

export const problem = (what: Finding["what"], message: string, fix: string): Finding => ({
  what,
  level: "problem",
  message,
  fix,
});
