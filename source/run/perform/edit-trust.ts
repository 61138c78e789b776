import type { EditTrust } from '../../plan/action.ts';
import type { Outputs, PerformContext } from './context.ts';
import { converge } from './converge.ts';
import { lookAtTrust } from './trust-look.ts';

/** IAM has no optimistic lock: the document is read again right before it is replaced, and read back after. */
export async function editTrust(action: EditTrust, context: PerformContext): Promise<Outputs> {
  const { RoleName: name, PolicyDocument: wants } = action.request;
  const roleArn = await converge(context, {
    look: () => lookAtTrust(context, { roleArn: action.roleArn, expects: action.expects, wants }),
    write: () => context.ports.iam.updateAssumeRolePolicy(name, wants, context.call),
    settling: `IAM does not show the new trust policy of role ${name} yet`,
    every: 1_000,
    atMost: 60_000,
  });
  return { roleArn };
}
