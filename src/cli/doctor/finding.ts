/** Result of one check. */
export interface Finding {
  what:
    | "configuration"
    | "database"
    | "redis"
    | "content"
    | "secrets"
    | "channels"
    | "models"
    | "webhooks"
    | "exposure"
    | "backlog"
    | "limits"
    | "retention"
    | "disk";
  level: "fine" | "warning" | "problem";
  message: string;
  /** The fix; null when none is needed. */
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
