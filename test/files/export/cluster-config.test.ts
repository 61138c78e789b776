import { describe, expect, it } from 'vitest';
import { exportEksctl } from '../../../source/files/export/cluster-config.ts';
import { addons, associations, cluster } from './facts.ts';

describe('a ClusterConfig of what is there', () => {
  it('is one that a person would write', () => {
    expect(exportEksctl(cluster, associations.slice(0, 3), addons)).toBe(`apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: production
  region: us-west-2
iam:
  podIdentityAssociations:
    - namespace: web
      serviceAccountName: front.end
      roleARN: arn:aws:iam::111122223333:role/web/front
      targetRoleARN: arn:aws:iam::444455556666:role/target
      disableSessionTags: true
      policy: |-
        {
          "Statement": ["it's \${here}", "%{if}", "\\\\"]
        }
      tags:
        "a": ""
        "b": '"quoted"'
        team: "50% of \${x}"
    - namespace: web
      serviceAccountName: front_end
      roleARN: arn:aws:iam::111122223333:role/one
addons:
  - name: eks-pod-identity-agent
    version: v1.3.4-eksbuild.1
  - name: vpc-cni
    version: v1.19.0-eksbuild.1
    podIdentityAssociations:
      - namespace: kube-system
        serviceAccountName: aws-node
        roleARN: arn:aws:iam::111122223333:role/cni
`);
  });

  it('names an add-on without its version where only what it owns is known', () => {
    expect(exportEksctl(cluster, associations.slice(4, 5))).toContain(`addons:
  - name: aws-ebs-csi-driver
    podIdentityAssociations:
      - namespace: kube-system
        serviceAccountName: ebs
`);
  });
});
