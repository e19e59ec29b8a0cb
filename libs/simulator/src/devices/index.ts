import type { CertifiedStation } from '../device/profile.ts';
import { aprotechAtEv310 } from './aprotech-at-ev310.ts';
import { autocryptAco100 } from './autocrypt-aco-100.ts';
import { ecarplugAcCpt } from './ecarplug-ac-cpt.ts';
import { seokangOc1622 } from './seokang-oc1622.ts';

export { aprotechAtEv310, autocryptAco100, ecarplugAcCpt, seokangOc1622 };
export { elCsms } from './el-csms.ts';

/** The four certified stations. */
export const CERTIFIED_STATIONS: readonly CertifiedStation[] = [
  ecarplugAcCpt,
  seokangOc1622,
  aprotechAtEv310,
  autocryptAco100,
];
