import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";
import { SkippedReporter } from "./test/support/skipped-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "src/**/*.test.ts", "channels/**/*.test.ts"],
    exclude: ["test/faults/all.test.ts", "node_modules"],
    reporters: ["default", new SkippedReporter()],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Test files of a worker share their imports: loading them for each took as long as the tests.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Twice the cores of our CI, since tests of services and processes mostly wait.
    maxWorkers: 4,
  },
});
