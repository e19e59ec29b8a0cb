import type { LoggedRecord, Micros, Subject } from '@chargeproof/record';
import { createFolder } from '../fold/folder.ts';
import type { Projection, StampedFact, StreamKey } from '../projection.ts';
import type { Appended } from './gateway-run.ts';
import { GatewayRun } from './gateway-run.ts';
import { toLog } from './log-order.ts';
import { Import } from './recording.ts';

/** When every scene begins; its times count from here. */
export const SCENE_BEGINS: Micros = 1_793_491_200_000_000;

/** `second(90)`: an instant of a scene, in microseconds. */
export const second = (seconds: number): Micros => SCENE_BEGINS + Math.round(seconds * 1_000_000);

export const STATION: Subject = { tenant: 'default', station: 'CP-1' };

/** A handful of records for one example, written out by hand: `scene.run('aaaaaa')` is a gateway that began at 0 s. */
export class Scene {
  readonly appended: Appended[] = [];
  readonly #imported = new Set<string>();

  /** @param offset the run's wall clock less true time, microseconds */
  run(name: string, began: Micros = SCENE_BEGINS, offset = 0): GatewayRun {
    return new GatewayRun(began, offset, name, 1, (appended) => this.appended.push(appended));
  }

  /** An importer that began at so many seconds, and skips what another of this scene had. */
  import(name: string, began: Micros): Import {
    return new Import({
      began,
      random: name,
      known: this.#imported,
      partitionOf: () => 0,
      append: (appended) => this.appended.push(appended),
    });
  }

  log(): readonly LoggedRecord[] {
    return toLog(this.appended);
  }
}

/** All facts that one stream's forward folding of these records gives. */
export function factsOf(
  projection: Projection,
  stream: StreamKey,
  log: readonly LoggedRecord[],
): readonly StampedFact[] {
  const folder = createFolder([projection]);
  return folder.forward(folder.initial(stream), log).facts;
}

export const STATION_STREAM: StreamKey = { kind: 'station', key: 'default/CP-1' };
