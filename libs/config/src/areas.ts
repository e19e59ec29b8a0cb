import { z } from 'zod';
import { centralSystem } from './central-system.ts';
import { gateway } from './gateway.ts';
import { kafka } from './kafka.ts';
import { area, type Area, secret } from './settings.ts';
import { test } from './test-environment.ts';

/** Where the record lies. */
export const data = area('data', {
  folder: z.string().default('.chargeproof/data').describe('folder of the log, its key file and the tables'),
  sealingRules: z
    .string()
    .optional()
    .describe(
      'a JSON file of what is sealed besides, as {"members": ["vendorPin"], "configurationKeys": ["X-Unlock"], "dataTransfer": [{"vendorId": "com.acme"}]}',
    ),
});

/** The read models. */
export const store = area('store', {
  url: z
    .url()
    .optional()
    .describe('a ClickHouse server, as http://127.0.0.1:8123; absent: chDB in the data folder'),
  database: z.string().default('chargeproof').describe('database on that server'),
  username: z.string().default('default').describe('user on that server'),
  password: secret(z.string().default('')).describe('its password'),
});

/** GraphQL and the dashboard. */
export const api = area('api', {
  host: z.string().default('127.0.0.1').describe('address to listen on'),
  port: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4000)
    .describe('port to listen on; 0 takes any free one'),
  open: z
    .stringbool()
    .default(false)
    .describe('listen beyond this machine though whoever asks is asked for no token'),
  localNamesOnly: z
    .stringbool()
    .default(false)
    .describe(
      'answer for localhost and 127.0.0.1 only, as on loopback: for a container that is published there',
    ),
  token: secret(z.string().min(16).optional()).describe(
    'what whoever asks sends as Authorization: Bearer; 16 characters or more',
  ),
  tokenFile: z.string().optional().describe('a file that holds that token, in place of it'),
  tagsToken: secret(z.string().min(16).optional()).describe(
    'what whoever may see tags in clear sends in its place; absent: nobody is shown more than stand-ins',
  ),
  tagsTokenFile: z.string().optional().describe('a file that holds that token, in place of it'),
});

/** What folds the record: a process of its own on a server's tables, else the query process. */
export const projector = area('projector', {
  host: z.string().default('127.0.0.1').describe('address to be asked at for health and metrics'),
  port: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe('port to be asked at for health and metrics; 0 takes any free one, which the log names'),
  lagSeconds: z.coerce
    .number()
    .min(1)
    .default(300)
    .describe('seconds that the tables may be behind the log until /readyz says that they are'),
});

/** What Node was started with. */
export const runtime = area('runtime', {
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('what goes to stderr'),
});

/** Every area of the product. */
export const AREAS: readonly Area[] = [
  data,
  store,
  kafka,
  api,
  projector,
  runtime,
  gateway,
  centralSystem,
  test,
] as readonly Area[];
