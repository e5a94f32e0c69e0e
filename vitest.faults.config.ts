import { defineConfig } from "vitest/config";

// `npm run test:faults`: too long for every run of the tests.
export default defineConfig({
  test: {
    include: ["test/faults/all.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
