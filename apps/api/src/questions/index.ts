import { ConnectionsResolver } from './connections.resolver.ts';
import { ExchangesResolver } from './exchanges.resolver.ts';
import { FramesResolver } from './frames.resolver.ts';

/** A resolver for each question area of the schema. */
export const QUESTIONS = [FramesResolver, ExchangesResolver, ConnectionsResolver] as const;
