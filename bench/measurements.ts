/** All measurements, by the names that select them, in the order in which they run. */
import { measureDisk } from "./disk.ts";
import { measureDrain } from "./drain.ts";
import type { Measured, Sizes } from "./measurement.ts";
import { measureOpenSnapshots } from "./open-snapshots.ts";
import { measurePipeline } from "./pipeline.ts";
import { measureProcedures } from "./procedures.ts";
import { measureRecovery } from "./recovery.ts";
import { measureStaleStatistics } from "./stale-statistics.ts";
import { measureStatements } from "./statements.ts";

export const MEASUREMENTS = {
  pipeline: measurePipeline,
  recovery: measureRecovery,
  drain: measureDrain,
  snapshots: measureOpenSnapshots,
  statements: measureStatements,
  stale: measureStaleStatistics,
  procedures: measureProcedures,
  disk: measureDisk,
} as const satisfies Record<string, (sizes: Sizes) => Promise<Measured>>;

export type MeasurementName = keyof typeof MEASUREMENTS;

export const isMeasurement = (name: string): name is MeasurementName => Object.hasOwn(MEASUREMENTS, name);
