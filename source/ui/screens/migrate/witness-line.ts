import type { PodCount } from '../../controller/witness.ts';
import type { Line } from '../../state/lines.ts';
import { plural } from '../../text/numbers.ts';

/** `✓ pods without credentials: 0   97 pods: 34 IRSA, 63 Pod Identity   3 never had any`. */
export const witnessLine = ({ pods, webIdentity, podIdentity, lost, neverHad }: PodCount): Line => [
  { text: lost === 0 ? ' ✓ ' : ' ✗ ', role: lost === 0 ? 'ok' : 'error' },
  { text: `pods without credentials: ${lost}`, role: lost === 0 ? 'title' : 'error' },
  { text: `   ${plural(pods, 'pod')}: ${webIdentity} IRSA, ${podIdentity} Pod Identity`, role: 'dim' },
  ...(neverHad > 0 ? [{ text: `   ${neverHad} never had any`, role: 'dim' as const }] : []),
];
