import type { Reporter, TestModule } from "vitest/node";

/** Lists, at the end of a run, every skipped group of tests; its name contains the missing requirement. */
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
