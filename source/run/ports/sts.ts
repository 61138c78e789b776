import type { CallOptions } from './call.ts';

export interface StsPort {
  callerIdentity(options?: CallOptions): Promise<{ readonly account: string; readonly arn: string }>;
}
