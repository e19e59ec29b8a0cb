import {
  answer,
  type Answered,
  type AnsweredProtocol,
  asked,
  dialectOf,
  type StationPolicy,
} from '@chargeproof/central-system';
import { readFrame } from '@chargeproof/ocpp';
import { parseKey, type Subject } from '@chargeproof/record';
import type { Clock } from '../clock.ts';
import { AnsweredStations } from './answered-stations.ts';
import { AnsweringEnd, type AnsweringOptions } from './answering-end.ts';
import type { AuthorizationData } from './local-list.ts';
import type { Policies } from './policies.ts';
import { RememberedStations } from './remembered-stations.ts';

/** Where transaction ids come from; undefined where none can be had. */
export type TransactionIds = { take(): number | undefined };

/** The built-in central system of this run: what it knows of each station outlives the station's connections. */
export class CentralSystem {
  readonly stations: AnsweredStations;
  readonly #clock: Clock;
  readonly #transactionIds: TransactionIds;
  readonly #policies: Policies;
  readonly #remembered: RememberedStations;

  constructor(clock: Clock, transactionIds: TransactionIds, policies: Policies) {
    this.#clock = clock;
    this.#transactionIds = transactionIds;
    this.#policies = policies;
    this.#remembered = new RememberedStations(clock, (station) => policies.isNamed(subjectOf(station)));
    this.stations = new AnsweredStations(this.#remembered);
  }

  /** Itself at the end of a connection that begins. */
  endOf(options: Omit<AnsweringOptions, 'answer' | 'asking' | 'watch'>): AnsweringEnd {
    const { protocol, identity } = options;
    return new AnsweringEnd({
      ...options,
      answer: (data, opcode) => this.answer(protocol, identity.key, data, opcode),
      asking: (call) => {
        this.#asking(identity.key, call);
      },
      watch: this.stations,
    });
  }

  answer(protocol: AnsweredProtocol, station: string, data: Uint8Array, opcode: 'text' | 'binary'): Answered {
    const before = this.#remembered.of(station);
    const answered = answer(dialectOf(protocol), before, readFrame(data, opcode), {
      now: this.#clock.wall(),
      takeTransactionId: () => this.#transactionIds.take(),
      policy: this.#policyFor(station),
    });
    this.#remembered.keep(station, answered.state);
    return answered;
  }

  /** Why a station is not sent a CALL now; undefined where it may be. */
  withheldFrom(station: string, action: string): string | undefined {
    const { status } = this.#policyFor(station).registration;
    if (status === 'Rejected') return 'registration-rejected';
    return status === 'Pending' && CHARGES.has(action) ? 'registration-pending' : undefined;
  }

  /** What a station of that tenant may keep as its local list; undefined where a tag cannot be opened here. */
  localListOf(tenant: string): readonly AuthorizationData[] | undefined {
    return this.#policies.localListOf(tenant, this.#clock.wall());
  }

  /** A CALL of ours is about to leave. */
  #asking(station: string, call: Uint8Array): void {
    if (this.#policyFor(station).registration.status !== 'Pending') return;
    this.#remembered.keep(station, asked(this.#remembered.of(station), readFrame(call, 'text')));
  }

  #policyFor(station: string): StationPolicy {
    const subject = subjectOf(station);
    return {
      registration: this.#policies.registrationOf(subject),
      idTags: this.#policies.idTagsOf(subject.tenant),
      isInUse: (tag, place) => this.#remembered.isInUse(tag, station, place),
    };
  }
}

const NOBODY: Subject = { tenant: '', station: '' };
const subjectOf = (key: string): Subject => parseKey(key) ?? NOBODY;

/** What a station that is Pending is not asked for (OCPP 1.6, 4.2; 2.0.1, B02). */
const CHARGES: ReadonlySet<string> = new Set([
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'RequestStartTransaction',
  'RequestStopTransaction',
]);
