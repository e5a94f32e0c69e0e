import type { Reporter, TestModule } from "vitest/node";

/** Names, at the end of a run, every group of tests that was skipped; its name says what it would have needed. */
export class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const groups = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const [group = test.name] = test.fullName.split(" > ");
        const name = `${module.relativeModuleId}: ${group}`;
        groups.set(name, (groups.get(name) ?? 0) + 1);
      }
    }
    if (groups.size === 0) return;
    const lines = [...groups].map(([name, count]) => `  ${name} (${count})`);
    process.stdout.write(`\nSkipped here:\n${lines.join("\n")}\n`);
  }
}
