import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the run with `N passed, N failed, N skipped` alone on a line, and before it the name of each
 * test that was skipped, so that nobody takes a missing server for a passing test. A file that does not
 * load and a hook that throws count as failed: their tests never ran.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const of = (state: string) => tests.filter((test) => test.result().state === state);
    const skipped = of('skipped');
    for (const test of skipped) {
      console.log(`skipped: ${test.module.moduleId.split('/').slice(-2).join('/')} > ${test.fullName}`);
    }
    const broken = suites.filter((suite) => suite.errors().length > 0);
    const failed = of('failed').length + broken.length + errors.length;
    console.log(`\n${of('passed').length} passed, ${failed} failed, ${skipped.length} skipped`);
  }
}
