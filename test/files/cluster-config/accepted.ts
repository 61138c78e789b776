import type { ConfigMode } from '../../../source/files/cluster-config/model.ts';

type Accepted = {
  readonly mode: ConfigMode;
  /** Parts of what is read. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly warnings?: readonly string[];
};

const existing = (name: string) => ({ kind: 'existing', roleArn: `arn:aws:iam::111122223333:role/${name}` });
const made = (recipe: object) => ({
  kind: 'made',
  recipe: { permissionPolicyArns: [], wellKnownPolicies: [], ...recipe },
});
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

/** Files of the corpus that are read, with what is read of them. */
export const acceptedFiles: Readonly<Record<string, Accepted>> = {
  'existing-role.yaml': {
    mode: 'create',
    value: {
      clusterName: 'production',
      region: 'us-west-2',
      metadataTags: {},
      listsAssociations: true,
      associations: [{ namespace: 'payments', serviceAccount: 'api', role: existing('teams/payments/api'), tags: {} }],
      addons: [],
      origins: { associations: [{ path: 'iam.podIdentityAssociations[0]', line: 8 }], addons: [] },
    },
  },
  'all-fields-existing.yaml': {
    mode: 'create',
    value: {
      associations: [
        {
          namespace: 'payments',
          serviceAccount: 'api',
          role: existing('api'),
          createServiceAccount: true,
          targetRoleArn: 'arn:aws:iam::444455556666:role/ledger',
          disableSessionTags: true,
          policy:
            '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}\n',
          tags: { team: 'payments', 'cost-center': '1234', critical: 'true' },
        },
      ],
    },
  },
  'made-role.yaml': {
    mode: 'create',
    value: {
      metadataTags: { owner: 'platform' },
      associations: [
        {
          namespace: 'kube-system',
          serviceAccount: 'external-dns',
          role: made({
            roleName: 'external-dns',
            permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
            permissionPolicyArns: [
              'arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy',
              'arn:aws:iam::111122223333:policy/teams/dns',
            ],
            wellKnownPolicies: ['autoScaler', 'externalDNS'],
          }),
          tags: { team: 'dns' },
          stackTags: { owner: 'platform' },
        },
      ],
    },
  },
  'inline-policy.yaml': {
    mode: 'create',
    value: {
      associations: [
        {
          namespace: 'jobs',
          serviceAccount: 'exporter',
          role: made({
            permissionPolicyName: 'read-exports',
            permissionPolicy: JSON.stringify({
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['s3:GetObject', 's3:ListBucket'],
                  Resource: '*',
                  Condition: { NumericLessThan: { 's3:max-keys': 100 } },
                },
              ],
            }),
          }),
          tags: {},
        },
      ],
    },
  },
  'many-kinds.yaml': {
    mode: 'create',
    value: {
      associations: [
        { namespace: 'a', serviceAccount: 'one', role: existing('one'), tags: {} },
        { namespace: 'a', serviceAccount: 'two', role: made({ permissionPolicyArns: [readOnly] }), tags: {} },
        { namespace: 'b', serviceAccount: 'one', role: made({ wellKnownPolicies: ['imageBuilder'] }), tags: {} },
      ],
      addons: [{ name: 'eks-pod-identity-agent', version: 'latest' }],
    },
  },
  'anchors.yaml': {
    mode: 'create',
    value: {
      associations: [
        {
          namespace: 'web',
          serviceAccount: 'front',
          role: existing('shared'),
          createServiceAccount: true,
          tags: { team: 'platform' },
        },
        {
          namespace: 'web',
          serviceAccount: 'back',
          role: existing('shared'),
          createServiceAccount: true,
          tags: { team: 'platform' },
        },
        {
          namespace: 'web',
          serviceAccount: 'jobs',
          role: existing('shared'),
          createServiceAccount: false,
          tags: { team: 'platform', tier: 'batch' },
        },
      ],
      origins: {
        associations: [
          { path: 'iam.podIdentityAssociations[0]', line: 14 },
          { path: 'iam.podIdentityAssociations[1]', line: 18 },
          { path: 'iam.podIdentityAssociations[2]', line: 20 },
        ],
        addons: [],
      },
    },
  },
  'addons.yaml': {
    mode: 'apply',
    value: {
      listsAssociations: false,
      associations: [],
      addons: [
        {
          name: 'vpc-cni',
          version: 'v1.19.0-eksbuild.1',
          tags: { managed: 'yes-we-do' },
          associations: [
            {
              serviceAccount: 'aws-node',
              role: made({ permissionPolicyArns: ['arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy'] }),
            },
          ],
          stackTags: { owner: 'platform' },
        },
        {
          name: 'aws-ebs-csi-driver',
          associations: [{ serviceAccount: 'ebs-csi-controller-sa', role: existing('ebs') }],
        },
        { name: 'aws-efs-csi-driver', useDefaults: true, stackTags: { owner: 'platform' } },
        { name: 'adot', associations: [] },
      ],
      origins: {
        associations: [],
        addons: [8, 14, 20, 22].map((line, index) => ({ path: `addons[${index}]`, line })),
      },
    },
  },
  'auto-apply.yaml': {
    mode: 'apply',
    value: {
      listsAssociations: false,
      associations: [],
      addons: [
        { name: 'eks-pod-identity-agent' },
        { name: 'aws-ebs-csi-driver', autoApply: true, stackTags: { owner: 'platform' } },
        {
          name: 'adot',
          associations: [{ serviceAccount: 'collector', role: existing('adot') }],
        },
        { name: 'aws-efs-csi-driver', autoApply: true, stackTags: { owner: 'platform' } },
      ],
      origins: {
        associations: [],
        addons: [9, 10, 14, 18].map((line, index) => ({ path: `addons[${[0, 1, 3, 4][index]}]`, line })),
      },
    },
  },
  'empty-list.yaml': { mode: 'apply', value: { listsAssociations: true, associations: [], addons: [] } },
  'other-documents.yaml': {
    mode: 'create',
    value: { associations: [{ namespace: 'a', serviceAccount: 'one', role: existing('one'), tags: {} }] },
  },
  'json.json': {
    mode: 'create',
    value: {
      region: 'eu-central-1',
      associations: [{ namespace: 'a', serviceAccount: 'one', role: existing('one'), tags: { a: 'b' } }],
    },
  },
  'china.yaml': {
    mode: 'create',
    value: {
      associations: [
        {
          namespace: 'a',
          serviceAccount: 'one',
          role: { kind: 'existing', roleArn: 'arn:aws-cn:iam::111122223333:role/one' },
          tags: {},
        },
      ],
    },
  },
  'nulls.yaml': {
    mode: 'create',
    value: {
      associations: [{ namespace: 'a', serviceAccount: 'one', role: existing('one'), tags: {} }],
      addons: [],
    },
  },
  'ignored-beside-role.yaml': {
    mode: 'create',
    value: { associations: [{ namespace: 'a', serviceAccount: 'one', role: existing('one'), tags: {} }] },
    warnings: [
      '11:7 iam.podIdentityAssociations[0].roleName has no effect: with roleARN no role is made',
      '12:7 iam.podIdentityAssociations[0].permissionsBoundaryARN has no effect: with roleARN no role is made',
      '14:3 addonsConfig.autoApplyPodIdentityAssociations has no effect here: `apply` makes the add-ons of a file, with their roles',
    ],
  },
  'changes.yaml': {
    mode: 'update',
    value: {
      changes: [
        { namespace: 'a', serviceAccount: 'one', targetRoleArn: null, policy: null, tags: {} },
        {
          namespace: 'a',
          serviceAccount: 'two',
          roleArn: 'arn:aws:iam::111122223333:role/two',
          disableSessionTags: false,
        },
        {
          namespace: 'a',
          serviceAccount: 'three',
          role: { permissionPolicyArns: [], wellKnownPolicies: ['certManager'] },
        },
        {
          namespace: 'a',
          serviceAccount: 'four',
          policy: '{"Statement": {"Effect": "Deny", "NotAction": "s3:*", "NotResource": "*"}}',
        },
      ],
      origins: {
        changes: [8, 13, 18, 22].map((line, index) => ({ path: `iam.podIdentityAssociations[${index}]`, line })),
      },
    },
  },
  'names-only.yaml': {
    mode: 'delete',
    value: {
      subjects: [
        { namespace: 'a', serviceAccount: 'one' },
        { namespace: 'a', serviceAccount: 'two' },
      ],
    },
  },
};
