import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { PLANTED } from '../../e2e/sealing/planted.ts';
import { talk } from '../station-talk.ts';
import type { Attempt, Sent, WireLedger } from './ledger.ts';

/** A CALL that a station has to get answered; of a transaction it is sent until it is. */
type Due = { readonly id: string; readonly text: string; readonly keeps: boolean };
const KEPT = new Set(['StartTransaction', 'MeterValues', 'StopTransaction']);

/** Stands in the path of every connection, and nowhere else. */
export const PATH_SECRET = 'PATHPLANTqZx7Kw';
/** It goes on to the CSMS, which tells connections of a station apart by it. */
export const queryOf = ({ number }: Attempt): string => `attempt=${number}&token=${PATH_SECRET}`;

export type StationOptions = {
  readonly name: string;
  readonly ledger: WireLedger;
  readonly random: () => number;
  /** Where the gateway is, as soon as it is there. */
  readonly address: () => Promise<string>;
  /** How long it thinks before its next CALL, in milliseconds. */
  readonly think: () => number;
  readonly stopped: AbortSignal;
};

const RECONNECTS_AFTER = 50;

/**
 * A charger on a bare socket, with a ledger of its own: one CALL in flight, as OCPP has it; on a socket that ends it
 * connects again and sends the messages of a transaction again that were not answered, byte for byte.
 */
export class CrashStation {
  readonly #options: StationOptions;
  readonly #talk: ReturnType<typeof talk>;
  #due: Due[] = [];
  #messages = 0;

  constructor(options: StationOptions) {
    this.#options = options;
    let transactions = 0;
    this.#talk = talk({
      serial: options.name,
      random: options.random,
      nextTransactionId: () => ++transactions,
    });
  }

  /** Until it is stopped; then its last CALL is answered and it has said goodbye. */
  async run(): Promise<void> {
    const { stopped, name, ledger, address } = this.#options;
    while (!stopped.aborted) {
      const gateway = await address();
      const attempt = ledger.begin(name);
      await this.#connection(`${gateway}/ocpp/${name}?${queryOf(attempt)}`, attempt);
      attempt.ended = Date.now();
      await pause(RECONNECTS_AFTER);
    }
  }

  async #connection(url: string, attempt: Attempt): Promise<void> {
    const socket = new WebSocket(url, ['ocpp1.6'], { perMessageDeflate: false, skipUTF8Validation: true });
    socket.on('error', () => undefined);
    const over = new Promise<'over'>((resolve) => {
      socket.once('close', () => {
        resolve('over');
      });
    });
    const open = new Promise<'open'>((resolve) => {
      socket.once('open', () => {
        attempt.opened = Date.now();
        resolve('open');
      });
    });
    const line = new Line(socket, attempt, this.#options.ledger);
    if ((await Promise.race([open, over])) === 'open') {
      await Promise.race([this.#speak(line, attempt), over]);
      if (socket.readyState === WebSocket.OPEN) socket.close(1000);
    }
    await over;
    line.over();
  }

  async #speak(line: Line, attempt: Attempt): Promise<void> {
    const { stopped, think } = this.#options;
    this.#due = this.#due.filter(({ keeps }) => keeps);
    line.send(PLANTED[attempt.number % PLANTED.length]?.frame ?? '');
    while (!stopped.aborted) {
      const due = this.#due[0] ?? this.#next();
      await line.call(due.id, due.text);
      this.#due.shift();
      await pause(think());
    }
  }

  #next(): Due {
    for (;;) {
      const { by, action, payload } = this.#talk.next().value(new Date().toISOString());
      if (by === 'csms') continue;
      const id = `${this.#options.name}-${this.#messages++}`;
      const due = { id, text: JSON.stringify([2, id, action, payload]), keeps: KEPT.has(action) };
      this.#due.push(due);
      return due;
    }
  }
}

/** A socket, and what goes over it. */
class Line {
  readonly #socket: WebSocket;
  readonly #attempt: Attempt;
  readonly #ledger: WireLedger;
  #waiting: { readonly id: string; readonly sent: Sent; readonly resolve: () => void } | undefined;

  constructor(socket: WebSocket, attempt: Attempt, ledger: WireLedger) {
    this.#socket = socket;
    this.#attempt = attempt;
    this.#ledger = ledger;
    socket.on('message', (data: Buffer, binary) => {
      attempt.gets(data, binary);
      this.#took(data.toString());
    });
  }

  send(text: string): Sent {
    const sent = this.#attempt.sends(text);
    this.#socket.send(text);
    return sent;
  }

  /** Never resolves where the socket ends first. */
  call(id: string, text: string): Promise<void> {
    return new Promise((resolve) => {
      const sent = this.send(text);
      this.#ledger.awaiting.add(sent);
      this.#waiting = { id, sent, resolve };
    });
  }

  over(): void {
    if (this.#waiting !== undefined) this.#ledger.awaiting.delete(this.#waiting.sent);
  }

  #took(text: string): void {
    const [, kind, id] = /^\[([234]),"([^"]*)"/.exec(text) ?? [];
    if (kind === '2') {
      this.send(`[3,"${id ?? ''}",{"status":"Accepted"}]`);
      return;
    }
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.id !== id) return;
    this.#waiting = undefined;
    this.#ledger.awaiting.delete(waiting.sent);
    this.#attempt.answered(waiting.sent);
    waiting.resolve();
  }
}
