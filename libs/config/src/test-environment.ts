import { z } from 'zod';
import { area } from './settings.ts';
import { list } from './values.ts';

/** Servers that tests may use in place of ones they start themselves. */
export const test = area('test', {
  clickhouseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('a ClickHouse server to test on, as http://user:password@127.0.0.1:8123'),
  kafkaBrokers: list.describe('Kafka brokers to test on, as 127.0.0.1:9092, separated by commas'),
});

/** On CI a server that a test needs and cannot have is a failure; elsewhere the test is skipped by name. */
export const onCi = (): boolean => !['', '0', 'false'].includes(process.env.CI ?? '');
