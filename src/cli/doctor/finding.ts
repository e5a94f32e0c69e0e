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
  says: string;
  /** What to do about it; null where nothing has to be done. */
  mend: string | null;
}

export const fine = (what: Finding["what"], says: string): Finding => ({ what, level: "fine", says, mend: null });

export const warning = (what: Finding["what"], says: string, mend: string): Finding => ({
  what,
  level: "warning",
  says,
  mend,
});

export const problem = (what: Finding["what"], says: string, mend: string): Finding => ({
  what,
  level: "problem",
  says,
  mend,
});
