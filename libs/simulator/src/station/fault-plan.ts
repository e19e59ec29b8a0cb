import { type Fault, type FaultName, FAULTS } from '../faults.ts';
import type { Payload } from '../peer.ts';

/** Faults that a station is to commit at its next occasion, each once. */
export class FaultPlan {
  readonly #armed = new Set<FaultName>();
  readonly #committed: (fault: FaultName) => void;

  constructor(committed: (fault: FaultName) => void) {
    this.#committed = committed;
  }

  arm(fault: FaultName): void {
    this.#armed.add(fault);
  }

  /** Whether this kind of fault is due; then it counts as committed. */
  takes(kind: Fault['kind'], action?: string): boolean {
    const name = this.#find(
      (fault) => fault.kind === kind && (!('action' in fault) || fault.action === action),
    );
    if (name !== undefined) this.#commit(name);
    return name !== undefined;
  }

  /** The payload as the station sends it. */
  altered(action: string, payload: Payload): Payload {
    for (const name of this.#armed) {
      const fault: Fault = FAULTS[name];
      if (fault.kind !== 'altered' || fault.action !== action) continue;
      const altered = fault.alter(payload);
      if (altered === undefined) continue;
      this.#commit(name);
      return altered;
    }
    return payload;
  }

  #find(fits: (fault: Fault) => boolean): FaultName | undefined {
    return [...this.#armed].find((name) => fits(FAULTS[name]));
  }

  #commit(name: FaultName): void {
    this.#armed.delete(name);
    this.#committed(name);
  }
}
