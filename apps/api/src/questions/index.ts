import { CommandsResolver } from './commands.resolver.ts';
import { CompletenessResolver } from './completeness.resolver.ts';
import { ConformanceResolver } from './conformance.resolver.ts';
import { CredentialsResolver } from './credentials.resolver.ts';
import { ConnectionsResolver } from './connections.resolver.ts';
import { EnergyResolver } from './energy.resolver.ts';
import { ExchangesResolver } from './exchanges.resolver.ts';
import { FrameRecordedResolver } from './frame-recorded.resolver.ts';
import { FramesResolver } from './frames.resolver.ts';
import { PlatformResolver } from './platform.resolver.ts';
import { PolicyResolver } from './policy.resolver.ts';
import { StationsResolver } from './stations.resolver.ts';
import { StatusResolver } from './status.resolver.ts';
import { SubjectsResolver } from './subjects.resolver.ts';
import { TransactionsResolver } from './transactions.resolver.ts';
import { UptimeResolver } from './uptime.resolver.ts';

/** A resolver for each question area of the schema. */
export const QUESTIONS = [
  FramesResolver,
  FrameRecordedResolver,
  ExchangesResolver,
  ConnectionsResolver,
  StationsResolver,
  StatusResolver,
  TransactionsResolver,
  SubjectsResolver,
  EnergyResolver,
  UptimeResolver,
  ConformanceResolver,
  CompletenessResolver,
  PlatformResolver,
  CommandsResolver,
  PolicyResolver,
  CredentialsResolver,
] as const;
