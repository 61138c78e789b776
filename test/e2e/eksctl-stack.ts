/** What eksctl leaves behind when it makes an association with a role of its own. */
import { addStack, podIdentityTrust } from '../../source/sandbox/world.ts';
import { associate, type Site } from '../../source/sandbox/worlds/site.ts';
import { stackName } from '../helpers/scene.ts';

export const readOnly = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

export type Owned = {
  /** A name of the role's own. */
  readonly named?: string;
  /** Default the name for an association; a stack of `create iamserviceaccount` has another one. */
  readonly stack?: string;
  /** False: the stack alone. */
  readonly associated?: boolean;
};

/** A role stack in eksctl's shape, and the association that uses its role. */
export const owned =
  (subject: string, { named, stack = stackName(subject), associated = true }: Owned = {}) =>
  (site: Site): void => {
    const made = addStack(site.world, site.account, {
      name: stack,
      region: 'us-west-2',
      terminationProtection: true,
      capabilities: [named === undefined ? 'CAPABILITY_IAM' : 'CAPABILITY_NAMED_IAM'],
      tags: {
        'alpha.eksctl.io/cluster-name': 'c',
        'eksctl.cluster.k8s.io/v1alpha1/cluster-name': 'c',
        'alpha.eksctl.io/podidentityassociation-name': subject,
      },
      template: {
        AWSTemplateFormatVersion: '2010-09-09',
        Description: 'IAM role for pod identity association [created and managed by eksctl]',
        Resources: {
          Role1: {
            Type: 'AWS::IAM::Role',
            Properties: {
              AssumeRolePolicyDocument: podIdentityTrust(),
              ManagedPolicyArns: [readOnly],
              ...(named !== undefined && { RoleName: named }),
            },
          },
        },
        Outputs: { Role1: { Value: { 'Fn::GetAtt': 'Role1.Arn' } } },
      },
    });
    if (associated) associate(site, subject, made.outputs.get('Role1') ?? '');
  };

/** A ClusterConfig of cluster `c` with these associations, each in YAML's flow style. */
export const configFile = (...associations: readonly string[]): string =>
  `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: us-west-2}\niam:\n  podIdentityAssociations:\n${associations.map(each => `    - ${each}\n`).join('')}`;
