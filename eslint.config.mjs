import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which layer may depend on which (docs/architecture.md). Arrows point one way: apps, features, ports, domain. */
const layers = {
  domain: ['domain'],
  port: ['domain', 'port'],
  config: ['config'],
  process: ['process', 'config'],
  adapter: ['domain', 'port'],
  feature: ['domain', 'port', 'feature'],
  simulator: ['simulator'],
  app: ['domain', 'port', 'config', 'adapter', 'feature', 'simulator', 'process'],
  test: ['domain', 'port', 'config', 'adapter', 'feature', 'simulator'],
};

/** A technology and the one library that may import it. */
const owners = {
  store: ['@clickhouse/*', 'chdb', 'chdb/*'],
  'log-kafka': ['kafkajs'],
};

const frameworks = ['@nestjs/*', '@apollo/*', 'graphql*', 'kafkajs', 'ws', 'express', 'rxjs'];

const depConstraints = [
  ...Object.entries(layers).map(([layer, allowed]) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: allowed.map((other) => `layer:${other}`),
    ...(['domain', 'port', 'feature'].includes(layer) ? { bannedExternalImports: frameworks } : {}),
  })),
  ...Object.entries(owners).map(([owner, packages]) => ({
    sourceTag: `/^name:(?!${owner}$)/`,
    bannedExternalImports: packages,
  })),
];

const environmentMessage = 'Only libs/config reads the environment: take a setting from its schema.';
const pureMessage = 'Protocol knowledge is pure (DESIGN law 7): no files, sockets, processes or timers here.';
const impure = [
  'fs',
  'fs/promises',
  'net',
  'http',
  'https',
  'tls',
  'dgram',
  'child_process',
  'worker_threads',
  'os',
  'timers',
  'timers/promises',
  'sqlite',
  'cluster',
  'process',
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.cache/**',
      'test/artefacts/**',
      '.chargeproof/**',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts', 'tools/*.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], banTransitiveDependencies: true, enforceBuildableLibDependency: false, depConstraints },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: environmentMessage },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:process', 'process'].map((name) => ({
            name,
            importNames: ['env'],
            message: environmentMessage,
          })),
        },
      ],
      complexity: ['error', 12],
      'max-depth': ['error', 4],
      'max-params': ['error', 5],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-extraneous-class': 'off',
      // Nest types its options as classes and takes plain objects.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: [
      'libs/billing/src/**',
      'libs/central-system/src/**',
      'libs/conformance/src/**',
      'libs/json/src/**',
      'libs/record/src/**',
      'libs/ocpp/src/**',
      'libs/recordings/src/**',
      'libs/uptime/src/**',
      'libs/tables/src/**',
      'libs/projections/src/**',
      'libs/projection/src/fold/**',
    ],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: impure
            .flatMap((name) => [name, `node:${name}`])
            .map((name) => ({ name, message: pureMessage })),
        },
      ],
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'process', 'performance'].map((name) => ({
          name,
          message: pureMessage,
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: pureMessage },
        { object: 'Math', property: 'random', message: pureMessage },
      ],
    },
  },
  { files: ['libs/config/src/**'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      'max-lines': ['error', 500],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-params': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  prettier,
);
