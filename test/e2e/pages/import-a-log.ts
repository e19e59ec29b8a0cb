import type { Script } from './script.ts';

export const importALog = (): Promise<Script> =>
  Promise.resolve({
    steps: {
      'npx chargeproof import monday.jsonl --data': {
        prints: [/^4 frames added, 0 known already/m, /^2 frames added, 0 known already/m],
      },
      'npx chargeproof import monday.jsonl tuesday.csv': {
        prints: [/^0 frames added, 6 known already/m],
      },
      'npx chargeproof query': { prints: [/"energyWh": "7500"/] },
    },
  });
