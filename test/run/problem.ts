import type { FailureKind } from '../../source/identity/reading.ts';
import { PortError } from '../../source/run/ports.ts';

export const problem = (kind: FailureKind, message: string = kind): PortError => new PortError({ kind, message });
