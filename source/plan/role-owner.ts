import type { Owner, RoleStack } from '../identity/facts.ts';
import type { Snapshot } from '../identity/snapshot.ts';

/** Who made the role, as far as it decides how its trust policy is changed. */
export type RoleOwner =
  /** eksctl's own stack: changed through the stack, which eksctl reads again later. */
  | { readonly kind: 'eksctl'; readonly stack: RoleStack }
  /** Somebody else's source: changed directly, and the change is to be made there too. */
  | { readonly kind: 'other'; readonly owner: Owner }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** eksctl marks every stack that it makes with tags of this prefix (eksctl, pkg/apis: constants of v1alpha5). */
const eksctlTag = 'alpha.eksctl.io/';

/** Who owns a role, by evidence: its stack first, then what files such as a Terraform state say. */
export function roleOwner(snapshot: Snapshot, roleArn: string): RoleOwner {
  const stack = snapshot.roleStacks.get(roleArn);
  if (stack?.state !== 'read') {
    const why = stack?.state === 'failed' ? ` (${stack.failure.message})` : '';
    return { kind: 'unknown', reason: why };
  }
  if (stack.value) {
    if (isEksctls(stack.value)) return { kind: 'eksctl', stack: stack.value };
    return { kind: 'other', owner: stackOwner(stack.value) };
  }
  const owner = snapshot.roleOwners?.get(roleArn);
  return owner ? { kind: 'other', owner } : { kind: 'none' };
}

export const isEksctls = ({ stackName, tags }: RoleStack): boolean =>
  stackName.startsWith('eksctl-') || Object.keys(tags).some(key => key.startsWith(eksctlTag));

/** The CDK's default synthesizer puts this parameter into every stack (AWS CDK Developer Guide, "Bootstrapping"). */
const cdkParameter = 'BootstrapVersion';

const stackOwner = ({ stackName, parameters }: RoleStack): Owner => ({
  kind: cdkParameter in parameters ? 'cdk' : 'cloudformation',
  evidence: `stack ${stackName}`,
});

const names: Readonly<Record<Owner['kind'], string>> = {
  cloudformation: 'CloudFormation',
  cdk: 'the AWS CDK',
  terraform: 'Terraform',
  helm: 'Helm',
  argocd: 'Argo CD',
  flux: 'Flux',
};

/** e.g. `Terraform (module.a.aws_iam_role.api)`. */
export const ownerText = ({ kind, evidence }: Owner): string => `${names[kind]} (${evidence})`;
