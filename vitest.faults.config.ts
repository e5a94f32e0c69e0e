import { defineConfig } from "vitest/config";

// `npm run test:faults`: too slow for every test run.
export default defineConfig({
  test: {
    include: ["test/faults/all.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
