import type { AppendRequest } from '@chargeproof/log';
import {
  commandRecord,
  type CommandRequested,
  createSealer,
  type Micros,
  type Payloads,
  policyRecord,
  type PolicyRecordOf,
  type PolicyType,
  runId,
  type RunId,
  type Subject,
  writePayload,
} from '@chargeproof/record';
import { GraphQLError } from 'graphql';
import { randomInt } from 'node:crypto';
import { CannotDecide, type DecisionLog } from './decision-log.ts';

const REQUESTED = 'platform.command-requested.v1';
const RANDOM_DIGITS = 6;

/** Appends what was decided through one life of this process. */
export class Decider {
  readonly #log: DecisionLog | undefined;
  readonly #run: RunId;

  /** @param log absent where this process knows none */
  constructor(log: DecisionLog | undefined, started: Micros = Date.now() * 1000) {
    const random = randomInt(36 ** RANDOM_DIGITS).toString(36);
    this.#log = log;
    this.#run = runId(started, random.padStart(RANDOM_DIGITS, '0'));
  }

  /** The record of a request, sealed, with what it says in it. @throws GraphQLError that says what to do */
  async requestOf(subject: Subject, requested: CommandRequested, time: Micros): Promise<AppendRequest> {
    const about = { subject, command: requested.command, source: this.#run, time };
    return this.#sealed(commandRecord(REQUESTED, about), writePayload(REQUESTED, requested));
  }

  /** The same of who may boot and charge. */
  async policyOf<Type extends PolicyType>(
    type: Type,
    payload: Payloads[Type],
    about: Omit<PolicyRecordOf, 'source'>,
  ): Promise<AppendRequest> {
    return this.#sealed(policyRecord(type, { ...about, source: this.#run }), writePayload(type, payload));
  }

  async #sealed(
    { key, attributes }: Omit<AppendRequest, 'value'>,
    clear: Uint8Array,
  ): Promise<AppendRequest> {
    const log = this.#reachable();
    const sealer = createSealer(await orUnavailable(log.keys()), log.rules);
    const { value, sealed } = sealer.seal(clear, 'text');
    return { key, attributes: { ...attributes, ...(sealed && { sealed }) }, value };
  }

  /** Resolves when it is durable. @throws GraphQLError that says what to do */
  append(record: AppendRequest): Promise<void> {
    return orUnavailable(this.#reachable().append([record]));
  }

  #reachable(): DecisionLog {
    if (this.#log !== undefined) return this.#log;
    throw unavailable('this process knows no log that could take it');
  }
}

async function orUnavailable<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof CannotDecide ? unavailable(error.message) : error;
  }
}

const unavailable = (why: string) =>
  new GraphQLError(`nothing was decided: ${why}`, { extensions: { code: 'UNAVAILABLE' } });
