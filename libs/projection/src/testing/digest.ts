import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { createFolder } from '../fold/folder.ts';
import type { Projection } from '../projection.ts';
import { trafficOf } from './arbitraries.ts';
import type { Checks } from './checks.ts';
import { drive } from './drive.ts';
import { toLog } from './log-order.ts';
import { actOut } from './world.ts';

/** What a projection said of the fixed corpus in one version; kept beside it. */
export type Digest = { readonly version: number; readonly corpus: string; readonly facts: string };

type Dressed = Checks['dressed'];

/** The traffic that digests are taken of. It changes only with the generator, and then `corpus` tells. */
export const fixedCorpus = (dressed: Dressed = (appended) => appended) =>
  fc
    .sample(trafficOf(160), { seed: 20_261_121, numRuns: 24 })
    .map((actions) => toLog(dressed(actOut(actions))));

/** Covers keys and values that are current in the end, never positions (DESIGN 5). */
export function digestOf(projection: Projection, dressed: Dressed = (appended) => appended): Digest {
  const folder = createFolder([projection]);
  const corpus = createHash('sha256');
  const facts = createHash('sha256');
  for (const log of fixedCorpus(dressed)) {
    for (const { attributes, value } of log) corpus.update(JSON.stringify(attributes)).update(value);
    for (const [key, values] of drive(folder, log, []).current)
      facts.update(`${key} ${JSON.stringify(values)}\n`);
  }
  return { version: projection.version, corpus: corpus.digest('hex'), facts: facts.digest('hex') };
}

/** What is wrong with the digest that is kept, and what to do about it; undefined where it holds. */
export function digestFault(projection: Projection, kept: Digest, dressed?: Dressed): string | undefined {
  const now = digestOf(projection, dressed);
  const write = `write ${JSON.stringify(now)} into the digest beside it`;
  if (now.corpus !== kept.corpus) {
    return `The fixed corpus changed, so ${projection.name}'s digest says nothing: ${write}.`;
  }
  if (now.version !== kept.version) return `${projection.name} has version ${now.version}: ${write}.`;
  if (now.facts === kept.facts) return undefined;
  return (
    `${projection.name} says something else of the fixed corpus than its version ${now.version} did. ` +
    `If that is meant, set its version to ${now.version + 1}, then ` +
    `write ${JSON.stringify({ ...now, version: now.version + 1 })} into the digest beside it; ` +
    `a change of the reading raises READING_VERSION too.`
  );
}
