import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { variableName } from '@chargeproof/config';
import {
  canonicalPassword,
  type CredentialHash,
  type Credentials,
  CredentialsUnusable,
  readCredentials,
  type StationCredential,
  verifyCredential,
} from '@chargeproof/keyring';
import { recordKey, type Subject } from '@chargeproof/record';
import { UnusableSetting } from '../settings.ts';
import { basicCredential } from './credential.ts';
import type { Refusal, Stranger } from './refusal.ts';
import type { StationPath } from './station-path.ts';
import { Turns } from './turns.ts';

/** Handshakes that may wait for their password to be checked: more are told to come back. */
const MOST_WAITING = 2000;
/** Of one station: whoever knows its name can keep no other from being checked. */
const MOST_OF_A_STATION = 4;
const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="chargeproof"' };

const named = (refusal: Refusal): Stranger => ({ refusal, anybody: false });
const MISSING = named({ status: 401, reason: 'credential-missing', headers: CHALLENGE });
const WRONG = named({ status: 401, reason: 'credential-wrong', headers: CHALLENGE });
const BUSY: Stranger = {
  refusal: { status: 503, reason: 'busy', headers: { 'Retry-After': '5' } },
  anybody: true,
};
/**
 * Who a station is, by basic auth (OCPP-J 1.6, 6.2.2): the user is its identity, the password its key. The
 * file is read anew when it has changed, so a station added or removed counts from its next handshake on.
 * Passwords are hashed on libuv's threads, a few at a time; one that was right is known again without that.
 */
export class StationCredentials {
  readonly #file: string;
  readonly #onUnusable: (error: Error) => void;
  readonly #turns = new Turns(Math.max(1, availableParallelism() - 1), MOST_WAITING);
  /** Keyed with what dies with the process, so that nothing of a password can be had from it. */
  readonly #memoryKey = randomBytes(32);
  readonly #verified = new Map<CredentialHash, Buffer>();
  /** Checks begun and not ended, by what is checked against. */
  readonly #underWay = new Map<CredentialHash, number>();
  #credentials: Credentials;
  #version: string;

  private constructor(file: string, read: Read, onUnusable: (error: Error) => void) {
    this.#file = file;
    this.#credentials = read.credentials;
    this.#version = read.version;
    this.#onUnusable = onUnusable;
  }

  /**
   * @param onUnusable the file was changed into what cannot be read; what it said before goes on to hold
   * @throws UnusableSetting
   */
  static async open(file: string, onUnusable: (error: Error) => void): Promise<StationCredentials> {
    try {
      return new StationCredentials(file, await read(file), onUnusable);
    } catch (error) {
      if (!(error instanceof CredentialsUnusable)) throw error;
      const make = 'npx chargeproof credentials add STATION makes it';
      throw new UnusableSetting(`${variableName('gateway', 'credentials')}: ${error.message}; ${make}`);
    }
  }

  /** What the file says now of a station. */
  async of(station: Subject): Promise<StationCredential | undefined> {
    await this.#refresh();
    return this.#credentials.get(recordKey(station));
  }

  /**
   * @param header its `Authorization`
   * @param stored what the file has of it
   * @returns why the station is not who it says, undefined where it is
   */
  async check(
    { subject, segment }: StationPath,
    header: string | undefined,
    stored: CredentialHash,
  ): Promise<Stranger | undefined> {
    const names = [subject.station, segment];
    const given = basicCredential(header, names);
    if (given === undefined) return MISSING;
    if (!names.includes(given.userName)) return WRONG;
    if (this.#isKnown(stored, given.password)) return undefined;
    const right = await this.#verify(given.password, stored);
    if (right === undefined) return BUSY;
    if (!right) return WRONG;
    this.#verified.set(stored, this.#digest(given.password));
    return undefined;
  }

  /** @returns undefined where too many wait */
  async #verify(password: Uint8Array, stored: CredentialHash): Promise<boolean | undefined> {
    const others = this.#underWay.get(stored) ?? 0;
    if (others >= MOST_OF_A_STATION) return undefined;
    this.#underWay.set(stored, others + 1);
    try {
      return await this.#turns.take(() => verifyCredential(password, stored));
    } finally {
      const left = (this.#underWay.get(stored) ?? 1) - 1;
      if (left === 0) this.#underWay.delete(stored);
      else this.#underWay.set(stored, left);
    }
  }

  #isKnown(stored: CredentialHash, password: Uint8Array): boolean {
    const digest = this.#verified.get(stored);
    return digest !== undefined && timingSafeEqual(digest, this.#digest(password));
  }

  #digest(password: Uint8Array): Buffer {
    return createHmac('sha256', this.#memoryKey).update(canonicalPassword(password)).digest();
  }

  async #refresh(): Promise<void> {
    const version = await versionOf(this.#file);
    if (version === this.#version) return;
    this.#version = version;
    try {
      this.#credentials = (await read(this.#file)).credentials;
      this.#verified.clear();
    } catch (error) {
      this.#onUnusable(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

type Read = { readonly version: string; readonly credentials: Credentials };

/** What is read is at least as new as the version says. */
async function read(file: string): Promise<Read> {
  const version = await versionOf(file);
  return { version, credentials: await readCredentials(file) };
}

async function versionOf(file: string): Promise<string> {
  const facts = await stat(file, { bigint: true }).catch(() => undefined);
  return facts === undefined ? 'none' : `${facts.ino} ${facts.size} ${facts.mtimeNs}`;
}
