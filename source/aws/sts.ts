import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { StsPort } from '../run/ports.ts';
import { PortError } from '../run/ports.ts';
import { abortable, type Caller } from './call.ts';

/** GetCallerIdentity needs no permission: it tells whether the credentials work at all. */
export function makeSts(client: () => STSClient, caller: Caller): StsPort {
  return {
    async callerIdentity(options) {
      const answer = await caller.call(
        { operation: 'GetCallerIdentity', repeatable: true },
        ({ signal }) => client().send(new GetCallerIdentityCommand({}), abortable(signal)),
        options,
      );
      if (!answer.Account || !answer.Arn) {
        throw new PortError({
          kind: 'server',
          message: 'STS answered without an account; check the endpoint and any proxy before it.',
          operation: 'sts:GetCallerIdentity',
        });
      }
      return { account: answer.Account, arn: answer.Arn };
    },
  };
}
