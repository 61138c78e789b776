import type { EditTrust } from '../../plan/action.ts';
import type { Outputs, PerformContext } from './context.ts';
import { converge } from './converge.ts';
import { lookAtTrust } from './trust-look.ts';

/** IAM has no optimistic lock: the document is read again right before it is replaced, and read back after. */
export async function editTrust(action: EditTrust, context: PerformContext): Promise<Outputs> {
  const { RoleName: name, PolicyDocument: wants } = action.request;
  const { roleArn: arn, intent, expects } = action;
  let document = expects;
  const look = () =>
    lookAtTrust(context, { roleArn: arn, intent, expects, wants }, seen => {
      document = seen;
    });
  const roleArn = await converge(context, {
    look,
    prior: () => ({ kind: 'trust', roleArn: arn, document }),
    write: () => context.ports.iam.updateAssumeRolePolicy(name, wants, context.call),
    settling: `IAM does not show the new trust policy of role ${name} yet`,
    every: 1_000,
    atMost: 60_000,
  });
  return { roleArn };
}
