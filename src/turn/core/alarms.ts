/** The alarm that wakes an idle workflow. */
export const idleAlarm = (workflow: string): string => `${IDLE}${workflow}`;

/** The idle workflow that an alarm wakes; null: it is a run's own alarm. */
export const idleWorkflow = (alarm: string): string | null =>
  alarm.startsWith(IDLE) ? alarm.slice(IDLE.length) : null;

const IDLE = "idle:";
