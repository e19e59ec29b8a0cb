import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the run with `N passed, N failed, N skipped` alone on a line, and before it the name of each
 * test that was skipped, so that nobody takes a missing server for a passing test.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const of = (state: string) => tests.filter((test) => test.result().state === state);
    const brokenModules = modules.filter(
      (module) => module.state() === 'failed' && module.errors().length > 0,
    );
    const skipped = of('skipped');
    for (const test of skipped)
      console.log(`skipped: ${test.module.moduleId.split('/').slice(-2).join('/')} > ${test.fullName}`);
    const failed = of('failed').length + brokenModules.length + errors.length;
    console.log(`\n${of('passed').length} passed, ${failed} failed, ${skipped.length} skipped`);
  }
}
