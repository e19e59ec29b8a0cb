import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { Store } from '@chargeproof/tables';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import type { Access } from './access/bearer.ts';
import { Asked, type AskedContext } from './asking/asked.ts';
import { Decider } from './deciding/decide.ts';
import type { DecisionLog } from './deciding/decision-log.ts';
import { StationKeys } from './deciding/station-keys.ts';
import { answerErrors } from './errors/answer-error.ts';
import { type Log, SILENT } from './errors/log.ts';
import { QuietFilter } from './errors/quiet-filter.ts';
import { costLimit } from './limits/cost-plugin.ts';
import { noSubscription } from './limits/no-subscription.ts';
import { type Commits, every, FrameTail, type TailOptions } from './live/frame-tail.ts';
import { socketOptions } from './live/socket.ts';
import { countRequests } from './operations/counting-plugin.ts';
import { RequestCounts } from './operations/request-counts.ts';
import { type PolicyFileNames, PolicyFiles } from './policy/files.ts';
import { PageController } from './page/page.controller.ts';
import { SITE } from './page/site.ts';
import { QUESTIONS } from './questions/index.ts';
import { SCALARS } from './scalars.ts';
import { type ReadKeys, Tags } from './subjects/tags.ts';
import { EXPOSED, LOG_LENGTH, type LogLength, PAGE_FOLDER, STORE } from './tokens.ts';

/** tsc copies no .graphql: they are read where they lie, beside `src` and `dist`. */
const SCHEMA = join(import.meta.dirname, '../schema/*.graphql');
/** Milliseconds between looks at a store into which another process folds. */
const LOOK_EVERY = 500;

export type ApiParts = {
  readonly store: Store;
  /** The listener is this machine's alone, and answers for no other name. */
  readonly loopbackOnly: boolean;
  readonly access?: Access;
  /** Calls when there is more in the store; absent: another process folds into it. */
  readonly commits?: Commits;
  /** Absent: this process does not read the log. */
  readonly logLength?: LogLength | undefined;
  /** Absent: nothing can be decided through this process. */
  readonly decisions?: DecisionLog | undefined;
  /** The keys that open tags. Absent: this process has none. */
  readonly keys?: ReadKeys | undefined;
  /** The operator's files of who may boot and charge. Absent: they say nothing here. */
  readonly policies?: PolicyFileNames | undefined;
  /** The file of stations' credentials. Absent: they are none of this process's. */
  readonly credentials?: string | undefined;
  readonly log?: Log;
  readonly counts?: RequestCounts;
  readonly tail?: Partial<TailOptions>;
  /** Folder of the page's files. */
  readonly page?: string;
};

@Module({})
export class ApiModule {
  static with(parts: ApiParts): DynamicModule {
    const { store, commits = every(LOOK_EVERY), log = SILENT, access = {}, loopbackOnly } = parts;
    return {
      module: ApiModule,
      imports: [GraphQLModule.forRoot<ApolloDriverConfig>(graphQl(parts, log))],
      controllers: [PageController],
      providers: [
        ...QUESTIONS,
        { provide: STORE, useValue: store },
        { provide: PAGE_FOLDER, useValue: parts.page ?? SITE },
        { provide: EXPOSED, useValue: { access, loopbackOnly } },
        { provide: Decider, useValue: new Decider(parts.decisions) },
        { provide: Tags, useValue: new Tags(parts.keys, access) },
        { provide: PolicyFiles, useValue: new PolicyFiles(parts.policies, parts.decisions) },
        { provide: StationKeys, useValue: new StationKeys(parts.credentials, log) },
        { provide: LOG_LENGTH, useValue: parts.logLength },
        { provide: FrameTail, useValue: new FrameTail(store, commits, parts.tail) },
        { provide: APP_FILTER, useValue: new QuietFilter(log) },
      ],
    };
  }
}

function graphQl(parts: ApiParts, log: Log): ApolloDriverConfig {
  const { store, loopbackOnly, access = {}, counts = new RequestCounts() } = parts;
  let built: GraphQLSchema | undefined;
  const schema = () => built;
  const answerError = answerErrors(schema, log);
  return {
    driver: ApolloDriver,
    typePaths: [SCHEMA],
    resolvers: SCALARS,
    transformSchema: (made) => (built = made),
    context: ({ req }: { readonly req: IncomingMessage }): AskedContext => ({
      asked: new Asked(store),
      request: req,
    }),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    formatError: answerError,
    plugins: [ApolloServerPluginLandingPageDisabled(), noSubscription, costLimit, countRequests(counts)],
    playground: false,
    subscriptions: {
      'graphql-ws': socketOptions({
        store,
        loopbackOnly,
        access,
        schema,
        answerError,
        counts,
      }) as object,
    },
  };
}
