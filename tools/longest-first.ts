import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Specs that last half a minute and more, the longest first. Started late, one of them would keep one core busy and
 * the others idle. A name too few or too many here costs time, and nothing else.
 */
const LONG = [
  'test/crash/kafka-away.spec.ts',
  'test/crash/kafka-projectors.spec.ts',
  'test/e2e/cluster.spec.ts',
  'test/e2e/demo.spec.ts',
  'test/e2e/shared-log.spec.ts',
  'test/contract/log-kafka.spec.ts',
  'test/scenario/scenarios.spec.ts',
  'test/e2e/dashboard.spec.ts',
  'test/crash/suite.spec.ts',
  'test/e2e/projector-engine.spec.ts',
  'test/e2e/pages.spec.ts',
  'test/e2e/gateway-run.spec.ts',
  'test/crash/projector.spec.ts',
  'test/scenario/hostile-values.spec.ts',
  'test/crash/log.spec.ts',
  'test/e2e/commands.spec.ts',
  'test/crash/import.spec.ts',
  'test/e2e/two-witnesses.spec.ts',
  'test/crash/platform.spec.ts',
];

/** Long specs first, then those that have a process to themselves, and the quick ones of libraries to fill up. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId, project }: TestSpecification): number => {
      const long = LONG.indexOf(relative(this.ctx.config.root, moduleId));
      if (long !== -1) return long;
      return project.config.isolate ? LONG.length : LONG.length + 1;
    };
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
