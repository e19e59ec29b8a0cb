import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

/** Each rule of the house (DESIGN 8), and a line that breaks it in a file that does not exist. */
const BREACHES: readonly {
  readonly rule: string;
  readonly file: string;
  readonly code: string;
  readonly id: string;
}[] = [
  {
    rule: 'only libs/store imports @clickhouse/client',
    file: 'apps/api/src/x.ts',
    code: `import '@clickhouse/client';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'only libs/store imports chdb',
    file: 'libs/projection/src/x.ts',
    code: `import 'chdb';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'nor a sub-path of it',
    file: 'apps/projector/src/x.ts',
    code: `import 'chdb/connection';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'only libs/log-kafka imports kafkajs',
    file: 'apps/gateway/src/x.ts',
    code: `import 'kafkajs';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'a domain library imports no framework',
    file: 'libs/ocpp/src/x.ts',
    code: `import '@nestjs/common';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'a domain library imports no socket',
    file: 'libs/record/src/x.ts',
    code: `import 'ws';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'a domain library imports no adapter',
    file: 'libs/ocpp/src/x.ts',
    code: `import '@chargeproof/store';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'a feature imports no adapter',
    file: 'libs/projection/src/x.ts',
    code: `import '@chargeproof/log-sqlite';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'an adapter imports no adapter',
    file: 'libs/store/src/x.ts',
    code: `import '@chargeproof/log-sqlite';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'nothing imports an app',
    file: 'apps/cli/src/x.ts',
    code: `import '../../api/src/main.ts';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'the simulator imports nothing of the product',
    file: 'libs/simulator/src/x.ts',
    code: `import '@chargeproof/ocpp';`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'a type import counts',
    file: 'libs/record/src/x.ts',
    code: `import type { WebSocket } from 'ws';\nexport type X = WebSocket;`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'a dynamic import counts',
    file: 'libs/ocpp/src/x.ts',
    code: `export const x = import('@chargeproof/store');`,
    id: '@nx/enforce-module-boundaries',
  },
  {
    rule: 'only libs/config reads the environment',
    file: 'apps/api/src/x.ts',
    code: `export const x = process.env.PATH;`,
    id: 'no-restricted-properties',
  },
  {
    rule: 'nor through node:process',
    file: 'libs/log/src/x.ts',
    code: `import { env } from 'node:process';\nexport const x = env;`,
    id: 'no-restricted-imports',
  },
  {
    rule: 'a domain library reads no file',
    file: 'libs/record/src/x.ts',
    code: `import { readFileSync } from 'node:fs';\nexport const x = readFileSync;`,
    id: 'no-restricted-imports',
  },
  {
    rule: 'a fold reads no clock',
    file: 'libs/projections/src/x.ts',
    code: `export const x = Date.now();`,
    id: 'no-restricted-properties',
  },
  {
    rule: 'a fold draws no random number',
    file: 'libs/projections/src/x.ts',
    code: `export const x = Math.random();`,
    id: 'no-restricted-properties',
  },
];

const root = resolve(import.meta.dirname, '../..');
let eslint: ESLint;

beforeAll(() => {
  // Without Nx's cached graph the boundary rule only warns, and every breach would pass.
  spawnSync(process.execPath, ['node_modules/nx/dist/bin/nx.js', 'show', 'projects'], { cwd: root });
  eslint = new ESLint({
    cwd: root,
    overrideConfig: { languageOptions: { parserOptions: { projectService: false, program: null } } },
    // Rules that need types cannot run on a file that no program holds; the house's rules need none.
    ruleFilter: ({ ruleId }) => !ruleId.startsWith('@typescript-eslint/'),
  });
});

async function complaints(file: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: `${root}/${file}` });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

describe('the lint of the house', () => {
  it.each(BREACHES)('$rule', async ({ file, code, id }) => {
    expect(await complaints(file, code)).toContain(id);
  });

  it('has nothing against an import that is allowed', async () => {
    expect(await complaints('libs/store/src/x.ts', `import '@clickhouse/client';`)).toEqual([]);
    expect(await complaints('libs/config/src/x.ts', `export const x = process.env.PATH;`)).toEqual([]);
  });
});
