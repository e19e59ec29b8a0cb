import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createServer, type SecureContextOptions, type Server as TlsServer, type TLSSocket } from 'node:tls';
import { hasCertificate, namelessFacts, type LegFacts } from '../handshake/facts.ts';
import type { Refusal } from '../handshake/refusal.ts';
import { Crowd } from './crowd.ts';
import { CROWDED, LEFT, TOO_SLOW, tlsFault, untrusted } from './tls-faults.ts';

export type DoorOptions = {
  /** As it is after others have hung their listeners on it. */
  readonly server: Server;
  /** Of now: another value than before is what the next handshake begins with. */
  readonly context: () => SecureContextOptions;
  /** Stations may show a certificate. */
  readonly asksCertificate: boolean;
  /** Whoever shows one that is not trusted is turned away before there is HTTP. */
  readonly onlyTrusted: boolean;
  readonly patienceMilliseconds: number;
  readonly mostUnderWay?: number;
  readonly mostOfAnAddress?: number;
  readonly onFault: (facts: LegFacts, fault: Refusal) => void;
};

type Begun = {
  readonly socket: Socket;
  readonly address: string;
  readonly peer: string;
  readonly timer: NodeJS.Timeout;
  readonly onClose: () => void;
  isTls: boolean;
  fault?: Refusal;
};

/** Unfinished handshakes: each costs some 50 KB, and none lasts longer than the patience. */
const MOST_UNDER_WAY = 2000;
/** A whole site may come back behind one address. */
const MOST_OF_AN_ADDRESS = 500;
/** A TLS record that holds a handshake begins so (RFC 8446, 5.1); no HTTP request does. */
const TLS_HANDSHAKE = 0x16;

/**
 * One port for ws:// and wss://: what begins as TLS goes through TLS first, all else is HTTP at once. Which of both a
 * station may use is for its security profile to say, where it has a name. What fails before it has one is told.
 */
export class Door {
  readonly #options: DoorOptions;
  readonly #serve: (socket: Socket) => void;
  readonly #tls: TlsServer;
  readonly #crowd: Crowd;
  /** By the peer's address and port: TLS gives us no other way from its socket to the one below. */
  readonly #underWay = new Map<string, Begun>();
  #context: SecureContextOptions;

  constructor(options: DoorOptions) {
    const { server, mostUnderWay = MOST_UNDER_WAY, mostOfAnAddress = MOST_OF_AN_ADDRESS } = options;
    this.#options = options;
    this.#crowd = new Crowd(mostUnderWay, mostOfAnAddress);
    this.#context = options.context();
    this.#tls = this.#tlsServer();
    const listeners = server.listeners('connection');
    server.removeAllListeners('connection');
    this.#serve = (socket) => {
      for (const listener of listeners) Reflect.apply(listener, server, [socket]);
    };
    server.on('connection', this.#opened);
  }

  /** Cuts what has not come in yet. */
  close(): void {
    for (const begun of this.#underWay.values()) {
      this.#finish(begun);
      begun.socket.destroy();
      // It was turned away before; that it is closed would have told so in a moment.
      this.#tell(begun, begun.fault);
    }
  }

  #tlsServer(): TlsServer {
    const { asksCertificate, patienceMilliseconds } = this.#options;
    return createServer({
      ...this.#context,
      requestCert: asksCertificate,
      // Who is not trusted is told apart below, where there is a name for it.
      rejectUnauthorized: false,
      // Ours ends before, and knows whose it was.
      handshakeTimeout: 2 * patienceMilliseconds,
    })
      .on('secureConnection', this.#secured)
      .on('tlsClientError', (error, socket) => {
        const begun = this.#underWay.get(peerOf(socket));
        if (begun !== undefined) begun.fault ??= tlsFault(error);
        socket.destroy();
        begun?.socket.destroy();
      });
  }

  readonly #opened = (socket: Socket): void => {
    const { remoteAddress: address } = socket;
    if (address === undefined) {
      socket.destroy();
      return;
    }
    if (!this.#crowd.enter(address)) {
      socket.destroy();
      this.#options.onFault(namelessFacts(address), CROWDED);
      return;
    }
    const begun: Begun = {
      socket,
      address,
      peer: peerOf(socket),
      timer: setTimeout(() => {
        begun.fault ??= TOO_SLOW;
        socket.destroy();
      }, this.#options.patienceMilliseconds),
      onClose: () => {
        this.#gone(begun);
      },
      isTls: false,
    };
    this.#underWay.set(begun.peer, begun);
    socket
      .on('error', ignore)
      .on('close', begun.onClose)
      .once('data', (bytes: Buffer) => {
        this.#greeted(begun, bytes);
      });
  };

  /** The first bytes are put back: whoever reads them next finds them whole. */
  #greeted(begun: Begun, bytes: Buffer): void {
    const { socket } = begun;
    socket.pause();
    socket.unshift(bytes);
    socket.off('error', ignore);
    if (bytes[0] === TLS_HANDSHAKE) {
      begun.isTls = true;
      // As of any TLS server: a peer that ends before it is in is gone.
      socket.allowHalfOpen = false;
      this.#refresh();
      this.#tls.emit('connection', socket);
      return;
    }
    this.#finish(begun);
    this.#serve(socket);
    process.nextTick(() => socket.resume());
  }

  #refresh(): void {
    const context = this.#options.context();
    if (context === this.#context) return;
    this.#context = context;
    this.#tls.setSecureContext(context);
  }

  readonly #secured = (socket: TLSSocket): void => {
    const begun = this.#underWay.get(peerOf(socket));
    if (begun !== undefined) this.#finish(begun);
    const { onlyTrusted, onFault } = this.#options;
    if (onlyTrusted && !socket.authorized && hasCertificate(socket)) {
      onFault(namelessFacts(socket.remoteAddress, socket), untrusted(String(socket.authorizationError)));
      socket.destroy();
      return;
    }
    this.#serve(socket);
  };

  #gone(begun: Begun): void {
    this.#finish(begun);
    // Who comes and goes without a word asked nothing: so do balancers that look whether the port is open.
    this.#tell(begun, begun.fault ?? (begun.isTls ? LEFT : undefined));
  }

  #tell({ address }: Begun, fault: Refusal | undefined): void {
    if (fault !== undefined) this.#options.onFault(namelessFacts(address), fault);
  }

  #finish({ socket, address, peer, timer, onClose }: Begun): void {
    clearTimeout(timer);
    socket.off('close', onClose);
    this.#underWay.delete(peer);
    this.#crowd.leave(address);
  }
}

const peerOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress ?? ''} ${remotePort ?? ''}`;
const ignore = () => undefined;
