/** The cost of a message from POST to delivered, beside the cost of its parts (G1 to G4). */
import { goals } from "./goals.ts";
import type { Measured, Sizes } from "./measurement.ts";
import { pipelineLines } from "./report.ts";
import { runBench } from "./run.ts";

export async function measurePipeline(sizes: Sizes): Promise<Measured> {
  const figures = await runBench(sizes);
  return { figures, lines: pipelineLines(figures), goals: goals(figures) };
}
