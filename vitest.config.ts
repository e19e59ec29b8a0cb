import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tools/longest-first.ts';

/** Every workspace that holds specs is a project of one run, named as its package is. */
const workspaces = ['libs', 'apps']
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .concat('test')
  .filter((root) => existsSync(`${root}/package.json`));

export default defineConfig({
  test: {
    // chDB ends a process in which it ran inside a worker thread with a segmentation fault.
    pool: 'forks',
    // One more than the cores of CI: the long specs wait for half of their time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './tools/closing-line-reporter.ts'],
    projects: workspaces.map((root) => ({
      root,
      ssr: { resolve: { conditions: ['@chargeproof/source'] } },
      // The file that Node takes: Vite would load a second graphql beside the one that Apollo has.
      resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
      test: {
        name: `@chargeproof/${root.split('/').at(-1) ?? root}`,
        include: ['**/*.spec.ts'],
        exclude: ['**/dist/**', '**/node_modules/**'],
        env: { UV_THREADPOOL_SIZE: '16' },
        // The specs of a package share what a process has loaded: loading it for each file was half of what
        // they cost. Those of `test` hold servers and kill processes, and have one to themselves.
        isolate: root === 'test',
        // Those of `test` start processes, which a machine under load starts slowly.
        testTimeout: root === 'test' ? 120_000 : 30_000,
        hookTimeout: 120_000,
        // What is polled is mostly a process, which answers out of its tables; a machine under load may take its time.
        expect: { poll: { interval: 100, timeout: 30_000 } },
      },
    })),
  },
});
