import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { Store } from '@chargeproof/tables';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { Asked, type AskedContext } from './asking/asked.ts';
import { HealthController } from './health.controller.ts';
import { maySubscribe } from './host-check.ts';
import { SCALARS } from './scalars.ts';
import { QUESTIONS } from './questions/index.ts';
import { PageController } from './page.controller.ts';
import { STORE } from './tokens.ts';

/** tsc copies no .graphql: they are read where they lie, beside `src` and `dist`. */
const SCHEMA = join(import.meta.dirname, '../schema/*.graphql');

export type ApiParts = {
  readonly store: Store;
  /** The listener is this machine's alone, and answers for no other name. */
  readonly loopbackOnly: boolean;
};

/** What graphql-ws hands on of the request that a socket began with. */
type Upgraded = { readonly extra: { readonly request: IncomingMessage } };

@Module({})
export class ApiModule {
  static with({ store, loopbackOnly }: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          typePaths: [SCHEMA],
          resolvers: SCALARS,
          context: (): AskedContext => ({ asked: new Asked(store) }),
          introspection: true,
          includeStacktraceInErrorResponses: false,
          plugins: [ApolloServerPluginLandingPageDisabled()],
          playground: false,
          subscriptions: {
            'graphql-ws': {
              onConnect: (context) => maySubscribe((context as Upgraded).extra.request, loopbackOnly),
            },
          },
        }),
      ],
      controllers: [HealthController, PageController],
      providers: [...QUESTIONS, { provide: STORE, useValue: store }],
    };
  }
}
