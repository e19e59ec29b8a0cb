import { Badge } from '../parts/Badge.tsx';
import type { Tone } from '../parts/status.ts';

const TONES: Readonly<Record<string, Tone>> = { error: 'fault', warning: 'busy', info: 'off' };

export const Severity = ({ severity }: { readonly severity: string }) => (
  <Badge tone={TONES[severity] ?? 'unknown'}>{severity}</Badge>
);
