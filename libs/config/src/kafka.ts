import { z } from 'zod';
import { area } from './settings.ts';
import { list } from './values.ts';

/** The log on the cluster profile (DESIGN 4, 7). */
export const kafka = area('kafka', {
  brokers: list.describe(
    'Kafka brokers that hold the log, as kafka-1:9092,…; absent: SQLite in the data folder',
  ),
  clientId: z.string().min(1).default('chargeproof').describe('what the brokers call us in their own logs'),
  topicPrefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,100}$/)
    .default('')
    .describe('stands before the names of topics and groups: ocpp.frames, platform.decisions, projector'),
  replication: z.coerce
    .number()
    .int()
    .min(1)
    .max(9)
    .default(1)
    .describe('copies of each partition where the topics are made; all but one must take a record'),
});
