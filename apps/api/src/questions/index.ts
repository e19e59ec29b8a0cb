import { ConnectionsResolver } from './connections.resolver.ts';
import { ExchangesResolver } from './exchanges.resolver.ts';
import { FrameRecordedResolver } from './frame-recorded.resolver.ts';
import { FramesResolver } from './frames.resolver.ts';
import { PlatformResolver } from './platform.resolver.ts';

/** A resolver for each question area of the schema. */
export const QUESTIONS = [
  FramesResolver,
  FrameRecordedResolver,
  ExchangesResolver,
  ConnectionsResolver,
  PlatformResolver,
] as const;
