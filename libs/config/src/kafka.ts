import { z } from 'zod';
import { area, secret } from './settings.ts';
import { list } from './values.ts';

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const MiB = 1024 * 1024;

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
  spoolAfterSeconds: z.coerce
    .number()
    .min(0.1)
    .max(60)
    .default(2)
    .describe(
      'what the brokers have not acknowledged after so long is spooled in the data folder until they do',
    ),
  spoolBytes: z.coerce
    .number()
    .int()
    .min(16 * MiB)
    .default(1024 * MiB)
    .describe('room that the spool may take; near it new stations are refused, at it all are let go'),
  tls: z.stringbool().default(false).describe('speak TLS to the brokers, and verify who they are'),
  tlsCa: z
    .string()
    .optional()
    .describe("a PEM file of the authorities that sign the brokers' certificates; absent: those Node knows"),
  tlsCertificate: z
    .string()
    .optional()
    .describe('a PEM file of the certificate that we show the brokers, its chain behind it'),
  tlsKey: z.string().optional().describe('a PEM file of the key of that certificate'),
  saslMechanism: z
    .enum(SASL_MECHANISMS)
    .optional()
    .describe(`how we tell the brokers who we are: ${SASL_MECHANISMS.join(', ')}; absent: not at all`),
  saslUsername: z.string().min(1).optional().describe('the user that the brokers know us by'),
  saslPassword: secret(z.string().min(1).optional()).describe("that user's password"),
  saslPasswordFile: z.string().optional().describe('a file that holds that password, in place of it'),
});
