import type { ConfigMode } from '../../../source/files/cluster-config/model.ts';

type Refused = { readonly mode: ConfigMode; readonly errors: readonly string[] };

/** Files of the corpus that are refused, with all that is said of them: `line:column message`. */
export const refusedFiles: Readonly<Record<string, Refused>> = {
  'addon-mistakes.yaml': {
    mode: 'apply',
    errors: [
      '7:5 addons[0].name must be set',
      '10:7 addons[1].podIdentityAssociations cannot be set for eks-pod-identity-agent: the agent itself needs no role',
      '12:28 addons[2].serviceAccountRoleARN cannot be set beside podIdentityAssociations: an add-on gets its roles by IRSA or by Pod Identity',
      '13:23 addons[2].attachPolicyARNs cannot be set beside podIdentityAssociations: an add-on gets its roles by IRSA or by Pod Identity',
      '14:19 addons[2].attachPolicy cannot be set beside podIdentityAssociations: an add-on gets its roles by IRSA or by Pod Identity',
      '15:24 addons[2].wellKnownPolicies cannot be set beside podIdentityAssociations: an add-on gets its roles by IRSA or by Pod Identity',
      '20:28 addons[3].serviceAccountRoleARN cannot be set beside useDefaultPodIdentityAssociations: an add-on gets its roles by IRSA or by Pod Identity',
      '21:30 addons[3].podIdentityAssociations cannot be set beside useDefaultPodIdentityAssociations: say one or the other',
      '23:14 addons[4].version must be text, not the number 1.10: put it in quotes',
      '24:40 addons[4].useDefaultPodIdentityAssociations must be true or false, not "maybe"',
      '26:20 addons[4].podIdentityAssociations[0].namespace must be a Kubernetes namespace (at most 63 of a-z, 0-9 and -, with a letter or digit at both ends), not "Bad"',
      '28:28 addons[4].podIdentityAssociations[0].wellKnownPolicies is not supported for add-ons: set useDefaultPodIdentityAssociations instead',
      '29:15 addons[4].podIdentityAssociations[0].tags is not supported for add-ons',
      '30:24 addons[4].podIdentityAssociations[0].targetRoleARN is not supported for add-ons: EKS takes only a service account and a role',
      '31:29 addons[4].podIdentityAssociations[0].disableSessionTags is not supported for add-ons: EKS takes only a service account and a role',
      '32:17 addons[4].podIdentityAssociations[0].policy is not supported for add-ons: EKS takes only a service account and a role',
      '33:31 addons[4].podIdentityAssociations[0].createServiceAccount is not supported for add-ons: EKS takes only a service account and a role',
      '34:9 addons[4].podIdentityAssociations[1].roleARN must be set, or one of permissionPolicy, permissionPolicyARNs, wellKnownPolicies: an association needs a role',
      '35:9 addons[4].podIdentityAssociations[2].serviceAccountName must be set',
      '37:5 addons[5].podIdentityAssociation is not a field that eksctl knows; did you mean "podIdentityAssociations"?',
      '38:5 addons[5].useDefaultPodIdentityAssociation is not a field that eksctl knows; did you mean "useDefaultPodIdentityAssociations"?',
      '39:5 addons[6] must be a mapping (key: value), not "just-a-name"',
    ],
  },
  'arns.yaml': {
    mode: 'create',
    errors: [
      '8:56 iam.podIdentityAssociations[0].roleARN must be an IAM role ARN, e.g. arn:aws:iam::111122223333:role/NAME, not "my-role": it does not have the form arn:partition:service:...',
      '9:56 iam.podIdentityAssociations[1].roleARN must be an IAM role ARN, e.g. arn:aws:iam::111122223333:role/NAME, not "arn:aws:iam::111122223333:user/someone": it names "user", not a role',
      '10:58 iam.podIdentityAssociations[2].roleARN must be an IAM role ARN, e.g. arn:aws:iam::111122223333:role/NAME, not "arn:aws:iam::12345:role/x": "12345" is not a twelve-digit account',
      '11:57 iam.podIdentityAssociations[3].roleARN is of the partition aws-cn, but the region us-west-2 belongs to aws',
      '12:57 iam.podIdentityAssociations[4].roleARN must be an IAM role ARN, e.g. arn:aws:iam::111122223333:role/NAME, not "arn:aws:sts::111122223333:assumed-role/x/y": it names the service "sts", not an IAM role',
      '13:107 iam.podIdentityAssociations[5].targetRoleARN must be an IAM role ARN, e.g. arn:aws:iam::111122223333:role/NAME, not "arn:aws:iam::111122223333:policy/x": it names "policy", not a role',
      '16:31 iam.podIdentityAssociations[6].permissionsBoundaryARN must be an IAM policy ARN, e.g. arn:aws:iam::aws:policy/NAME, not "arn:aws:iam::111122223333:role/x"',
      '18:11 iam.podIdentityAssociations[6].permissionPolicyARNs[0] must be an IAM policy ARN, e.g. arn:aws:iam::aws:policy/NAME, not "ReadOnlyAccess"',
      '19:11 iam.podIdentityAssociations[6].permissionPolicyARNs[1] is of the partition aws-us-gov, but the region us-west-2 belongs to aws',
      '21:11 iam.podIdentityAssociations[6].permissionPolicyARNs[3] is there twice',
    ],
  },
  'bad-metadata.yaml': {
    mode: 'create',
    errors: [
      '4:9 metadata.name must be a cluster\'s name (at most 100 letters, digits, - and _), not "not a name"',
      '5:11 metadata.region must be an AWS region, e.g. us-west-2, not "Oregon"',
      '6:9 metadata.tags must be a mapping (key: value), not a list',
    ],
  },
  'binary.yaml': {
    mode: 'create',
    errors: ['1:1 binary.yaml is not UTF-8 text: it may be a binary file, or text in another encoding such as UTF-16'],
  },
  'bomb.yaml': {
    mode: 'create',
    errors: ['7:12 the file is too large once its aliases are followed'],
  },
  'comments-only.yaml': {
    mode: 'create',
    errors: ['1:1 comments-only.yaml is empty'],
  },
  'control-characters.yaml': {
    mode: 'create',
    errors: [
      '8:19 iam.podIdentityAssociations[0].namespace must be a Kubernetes namespace (at most 63 of a-z, 0-9 and -, with a letter or digit at both ends), not "a"',
      '8:50 iam.podIdentityAssociations[0].serviceAccountName must be the name of a Kubernetes service account (at most 253 of a-z, 0-9, - and ., with a letter or digit at both ends), not "one"',
      '8:72 iam.podIdentityAssociations[0].roleARN must be an IAM role ARN, e.g. arn:aws:iam::111122223333:role/NAME, not "x y": it does not have the form arn:partition:service:...',
      '8:80 iam.podIdentityAssociations[0]["]0;t"] is not a field that eksctl knows',
    ],
  },
  'crlf.yaml': {
    mode: 'create',
    errors: [
      '10:16 iam.podIdentityAssociations[0].roleARN must be an IAM role ARN, e.g. arn:aws:iam::111122223333:role/NAME, not "nope": it does not have the form arn:partition:service:...',
    ],
  },
  'delete-mistakes.yaml': {
    mode: 'delete',
    errors: [
      '9:7 iam.podIdentityAssociations[1] is for the same service account (a/one) as iam.podIdentityAssociations[0] (line 8)',
      '10:7 iam.podIdentityAssociations[2].serviceAccountName must be set',
      '10:22 iam.podIdentityAssociations[2].name is not a field that eksctl knows',
      '11:7 iam.podIdentityAssociations[3].namespace must be set',
      '11:28 iam.podIdentityAssociations[3].serviceAccountName must be the name of a Kubernetes service account (at most 253 of a-z, 0-9, - and ., with a letter or digit at both ends), not "Three"',
    ],
  },
  'deployment.yaml': {
    mode: 'create',
    errors: [
      '1:13 apiVersion must be eksctl.io/v1alpha5, not "apps/v1"',
      '2:7 kind must be ClusterConfig, not "Deployment"',
    ],
  },
  'duplicates.yaml': {
    mode: 'create',
    errors: [
      '10:7 iam.podIdentityAssociations[2] is for the same service account (a/one) as iam.podIdentityAssociations[0] (line 8)',
      '11:7 iam.podIdentityAssociations[3] is for the same service account (a/one) as iam.podIdentityAssociations[0] (line 8)',
      '12:7 iam.podIdentityAssociations[4] is for the same service account (a/one) as iam.podIdentityAssociations[0] (line 8)',
      '17:9 addons[0].podIdentityAssociations[1] is for the same service account (aws-node) as addons[0].podIdentityAssociations[0] (line 16)',
      '18:5 addons[1] is for the same add-on (VPC-CNI) as addons[0] (line 14)',
    ],
  },
  'empty-metadata.yaml': {
    mode: 'create',
    errors: [
      '1:1 iam.podIdentityAssociations must be set',
      '4:3 metadata.name must be set',
      '4:3 metadata.region must be set',
    ],
  },
  'empty.yaml': {
    mode: 'create',
    errors: ['1:1 empty.yaml is empty'],
  },
  'endless.yaml': {
    mode: 'create',
    errors: ['13:9 iam.podIdentityAssociations[0].permissionPolicy is nested too deeply'],
  },
  'html.yaml': {
    mode: 'create',
    errors: ['1:1 this is no ClusterConfig: a mapping with apiVersion, kind and metadata'],
  },
  'iam-is-text.yaml': {
    mode: 'create',
    errors: ['6:6 iam must be a mapping (key: value), not "none"'],
  },
  'kubernetes-names.yaml': {
    mode: 'create',
    errors: [
      '8:19 iam.podIdentityAssociations[0].namespace must be a Kubernetes namespace (at most 63 of a-z, 0-9 and -, with a letter or digit at both ends), not "Payments"',
      '8:49 iam.podIdentityAssociations[0].serviceAccountName must be the name of a Kubernetes service account (at most 253 of a-z, 0-9, - and ., with a letter or digit at both ends), not "-one"',
      '9:19 iam.podIdentityAssociations[1].namespace must be a Kubernetes namespace (at most 63 of a-z, 0-9 and -, with a letter or digit at both ends), not "a.b"',
      '9:44 iam.podIdentityAssociations[1].serviceAccountName must be the name of a Kubernetes service account (at most 253 of a-z, 0-9, - and ., with a letter or digit at both ends), not "a..b"',
      '10:19 iam.podIdentityAssociations[2].namespace must be a Kubernetes namespace (at most 63 of a-z, 0-9 and -, with a letter or digit at both ends), not "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"',
      '11:19 iam.podIdentityAssociations[3].namespace must be a Kubernetes namespace (at most 63 of a-z, 0-9 and -, with a letter or digit at both ends), not "a/b"',
      '11:44 iam.podIdentityAssociations[3].serviceAccountName must be set',
    ],
  },
  'list.yaml': {
    mode: 'create',
    errors: ['1:1 this is no ClusterConfig: a mapping with apiVersion, kind and metadata'],
  },
  'lost-alias.yaml': {
    mode: 'create',
    errors: [
      '10:16 the alias *role refers to an anchor that is not set above it',
      '11:7 the alias *other refers to an anchor that is not set above it',
    ],
  },
  'misplaced.yaml': {
    mode: 'create',
    errors: [
      '6:1 podIdentityAssociations must stand below iam',
      '8:1 IAM is not a field that eksctl knows; did you mean "iam"?',
      '11:3 iam.podIdentityAssociation is not a field that eksctl knows; did you mean "podIdentityAssociations"?',
      '13:1 addon is not a field that eksctl knows; did you mean "addons"?',
    ],
  },
  'missing.yaml': {
    mode: 'create',
    errors: [
      '8:7 iam.podIdentityAssociations[0].namespace must be set',
      '10:7 iam.podIdentityAssociations[1].serviceAccountName must be set',
      '11:16 iam.podIdentityAssociations[1].roleARN must be set, or one of permissionPolicy, permissionPolicyARNs, wellKnownPolicies: an association needs a role',
      '12:7 iam.podIdentityAssociations[2].namespace must be set',
      '12:7 iam.podIdentityAssociations[2].serviceAccountName must be set',
      '12:7 iam.podIdentityAssociations[2].roleARN must be set, or one of permissionPolicy, permissionPolicyARNs, wellKnownPolicies: an association needs a role',
    ],
  },
  'no-associations.yaml': {
    mode: 'create',
    errors: ['7:3 iam.podIdentityAssociations must be set'],
  },
  'no-kind.yaml': {
    mode: 'create',
    errors: [
      '1:1 apiVersion must be set to eksctl.io/v1alpha5',
      '1:1 kind must be set to ClusterConfig',
      '4:7 iam.podIdentityAssociations[0].roleARN must be set, or one of permissionPolicy, permissionPolicyARNs, wellKnownPolicies: an association needs a role',
    ],
  },
  'no-metadata.yaml': {
    mode: 'create',
    errors: [
      '1:1 metadata must be set: the name and the region of the cluster',
      '5:19 iam.podIdentityAssociations[0].namespace must be a Kubernetes namespace (at most 63 of a-z, 0-9 and -, with a letter or digit at both ends), not "A"',
    ],
  },
  'not-mappings.yaml': {
    mode: 'create',
    errors: [
      '8:7 iam.podIdentityAssociations[0] must be a mapping (key: value), not "a/one"',
      '9:6 iam.podIdentityAssociations[1] must not be empty',
      '10:7 iam.podIdentityAssociations[2] must be a mapping (key: value), not a list',
      '11:7 iam.podIdentityAssociations[3] must be a mapping (key: value), not the number 5',
    ],
  },
  'not-yaml.yaml': {
    mode: 'create',
    errors: [
      '8:3 the file is not valid YAML here: flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  },
  'old-version.yaml': {
    mode: 'create',
    errors: ['1:13 apiVersion must be eksctl.io/v1alpha5, not "eksctl.io/v1alpha4"'],
  },
  'policy-documents.yaml': {
    mode: 'create',
    errors: [
      '8:65 iam.podIdentityAssociations[0].permissionPolicy must be a policy document: it has no Statement',
      '9:65 iam.podIdentityAssociations[1].permissionPolicy must have the Version 2012-10-17 (or 2008-10-17), in quotes',
      '10:67 iam.podIdentityAssociations[2].permissionPolicy must have at least one statement',
      '11:66 iam.podIdentityAssociations[3].permissionPolicy has a statement (number 2) that has neither Effect Allow nor Deny',
      '12:66 iam.podIdentityAssociations[4].permissionPolicy has a statement (number 1) that needs an Action or a NotAction',
      '13:65 iam.podIdentityAssociations[5].permissionPolicy has a statement (number 1) that needs a Resource or a NotResource',
      '14:67 iam.podIdentityAssociations[6].permissionPolicy has a statement (number 1) that names a principal, which only trust policies can have',
      '15:67 iam.podIdentityAssociations[7].permissionPolicy must be a policy document: an object with a Statement',
      '16:167 iam.podIdentityAssociations[8].permissionPolicy.Statement.Condition.StringEquals["aws:SourceAccount"] must be in quotes: YAML takes 012345678901 for the number 12345678901',
      '17:65 iam.podIdentityAssociations[9].permissionPolicy has a statement (number 1) that is not an object',
    ],
  },
  'policy-names.yaml': {
    mode: 'create',
    errors: [
      '8:108 iam.podIdentityAssociations[0].permissionPolicyName requires permissionPolicy to be set',
      '11:29 iam.podIdentityAssociations[1].permissionPolicyName must have at least one letter or digit',
      "14:70 iam.podIdentityAssociations[3].permissionPolicyName must not come down to Role1, the name of another resource of the role's stack",
      "16:69 iam.podIdentityAssociations[5].permissionPolicyName must not come down to PolicyAutoScaling, the name of another resource of the role's stack",
    ],
  },
  'repeated-keys.yaml': {
    mode: 'create',
    errors: [
      '10:7 iam.podIdentityAssociations[0].namespace is there twice',
      '12:20 iam.podIdentityAssociations[0].tags.a is there twice',
      '13:1 iam is there twice',
    ],
  },
  'role-and-policies.yaml': {
    mode: 'create',
    errors: [
      '11:25 iam.podIdentityAssociations[0].permissionPolicy cannot be specified when roleARN is set: a role that is there keeps its policies',
      '12:29 iam.podIdentityAssociations[0].permissionPolicyARNs cannot be specified when roleARN is set: a role that is there keeps its policies',
      '13:26 iam.podIdentityAssociations[0].wellKnownPolicies cannot be specified when roleARN is set: a role that is there keeps its policies',
    ],
  },
  'role-names.yaml': {
    mode: 'create',
    errors: [
      '8:57 iam.podIdentityAssociations[0].roleName must have letters, digits and +=,.@-_ only; it is "a role"',
      '9:57 iam.podIdentityAssociations[1].roleName must have at most 64 characters; "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr" has 65',
      '11:58 iam.podIdentityAssociations[3].roleName is the same as iam.podIdentityAssociations[2].roleName (line 10)',
    ],
  },
  'session-policies.yaml': {
    mode: 'create',
    errors: [
      '8:102 iam.podIdentityAssociations[0].policy requires disableSessionTags: true: EKS takes a session policy only without session tags',
      '9:129 iam.podIdentityAssociations[1].policy must be a policy document in JSON: it is not valid JSON',
      '9:129 iam.podIdentityAssociations[1].policy requires disableSessionTags: true: EKS takes a session policy only without session tags',
      '10:130 iam.podIdentityAssociations[2].policy must be a policy document: an object with a Statement',
      '11:129 iam.podIdentityAssociations[3].policy must be a policy document in JSON: the key "Statement" is there twice',
      '12:129 iam.podIdentityAssociations[4].policy is too long: EKS takes 2048 characters, it has 2068',
    ],
  },
  'stack-names.yaml': {
    mode: 'create',
    errors: [
      '9:7 iam.podIdentityAssociations[1] would have the stack eksctl-production-podidentityrole-a-b-c for its role, which is also the stack of iam.podIdentityAssociations[0] (line 8)',
      "10:42 iam.podIdentityAssociations[2].serviceAccountName would give the role's stack the name eksctl-production-podidentityrole-a-dotted.name; CloudFormation takes letters, digits and dashes only: make the role elsewhere and name it by roleARN",
      "11:42 iam.podIdentityAssociations[3].serviceAccountName would give the role's stack a name of 136 characters; CloudFormation takes 128: make the role elsewhere and name it by roleARN",
      '12:133 iam.podIdentityAssociations[4].wellKnownPolicies would be a policy of the name eksctl-production-podidentityrole-a-mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm-PolicyAWSLoadBalancerController, of 138 characters; IAM takes 128: give its ARN in permissionPolicyARNs instead',
      '13:138 iam.podIdentityAssociations[5].permissionPolicyName would be a policy of the name eksctl-production-podidentityrole-a-mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm-2-apolicywhosenameislongbutfine, of 138 characters; IAM takes 128: give its ARN in permissionPolicyARNs instead',
    ],
  },
  'stray-document.yaml': {
    mode: 'create',
    errors: ['9:1 this document has neither apiVersion nor kind'],
  },
  'tabs.yaml': {
    mode: 'create',
    errors: ['7:1 the file is not valid YAML here: tabs are not allowed as indentation'],
  },
  'tags.yaml': {
    mode: 'create',
    errors: [
      '6:23 metadata.tags["aws:owner"] must not have a key that begins with "aws:": AWS keeps those for itself',
      '13:13 iam.podIdentityAssociations[0].tags[""] must have a key of 1 to 128 characters',
      '14:29 iam.podIdentityAssociations[0].tags["aws:cloudformation"] must not have a key that begins with "aws:": AWS keeps those for itself',
      '16:20 iam.podIdentityAssociations[0].tags["sharp#key"] must have a key of letters, digits, spaces and _.:/=+-@ only',
      '17:16 iam.podIdentityAssociations[0].tags.value must have letters, digits, spaces and _.:/=+-@ only; it is "semi;colon"',
      '18:140 iam.podIdentityAssociations[0].tags.kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk must have a key of 1 to 128 characters',
      '19:15 iam.podIdentityAssociations[0].tags.long must have at most 256 characters; it has 257',
      '23:13 iam.podIdentityAssociations[1].tags must have at most 50 tags; there are 51',
      "27:13 iam.podIdentityAssociations[2].tags would give the role's stack 52 tags, with those of metadata.tags and eksctl's own; it takes 50",
    ],
  },
  'too-large-policy.yaml': {
    mode: 'create',
    errors: [
      '10:25 iam.podIdentityAssociations[0].permissionPolicy is too long: IAM takes 10240 characters, it has 10364',
      '14:25 iam.podIdentityAssociations[1].permissionPolicy is too long beside the well-known policies: IAM takes 10240 characters for all inline policies of a role, they have 13260',
    ],
  },
  'two-configs.yaml': {
    mode: 'create',
    errors: ['7:1 this is a second ClusterConfig: a file has one, for one cluster'],
  },
  'unknown-fields.yaml': {
    mode: 'create',
    errors: [
      '9:7 iam.podIdentityAssociations[0].serviceAccount is not a field that eksctl knows; did you mean "serviceAccountName"?',
      '10:7 iam.podIdentityAssociations[0].roleArn is not a field that eksctl knows; did you mean "roleARN"?',
      '11:7 iam.podIdentityAssociations[0].permissionBoundaryARN is not a field that eksctl knows; did you mean "permissionsBoundaryARN"?',
      '12:7 iam.podIdentityAssociations[0].attachPolicyARNs is not a field that eksctl knows; did you mean "permissionPolicyARNs"?',
      '13:7 iam.podIdentityAssociations[0].wellKnownPolicy is not a field that eksctl knows; did you mean "wellKnownPolicies"?',
      '14:7 iam.podIdentityAssociations[0].colour is not a field that eksctl knows',
    ],
  },
  'update-mistakes.yaml': {
    mode: 'update',
    errors: [
      '10:16 iam.podIdentityAssociations[0].roleARN must not be empty: leave it out to keep what is there',
      '11:17 iam.podIdentityAssociations[0].roleName must not be empty: leave it out to keep what is there',
      '12:31 iam.podIdentityAssociations[0].permissionsBoundaryARN must not be empty: leave it out to keep what is there',
      '13:29 iam.podIdentityAssociations[0].permissionPolicyName must not be empty: leave it out to keep what is there',
      '17:29 iam.podIdentityAssociations[1].permissionPolicyARNs cannot be specified when roleARN is set: a role that is there keeps its policies',
      '19:15 iam.podIdentityAssociations[1].policy requires disableSessionTags: true: EKS takes a session policy only without session tags',
      '20:7 iam.podIdentityAssociations[2] is for the same service account (a/two) as iam.podIdentityAssociations[1] (line 14)',
      '23:25 iam.podIdentityAssociations[2].permissionPolicy must be a policy document: it has no Statement',
      '24:7 iam.podIdentityAssociations[3].serviceAccountName must be set',
    ],
  },
  'wrong-containers.yaml': {
    mode: 'create',
    errors: [
      '8:5 iam.podIdentityAssociations must be a list, not a mapping',
      '9:9 addons must be a list, not "vpc-cni"',
    ],
  },
  'wrong-types.yaml': {
    mode: 'create',
    errors: [
      '8:18 iam.podIdentityAssociations[0].namespace must be text, not the number 12: put it in quotes',
      '9:27 iam.podIdentityAssociations[0].serviceAccountName must be text, not a list',
      '10:16 iam.podIdentityAssociations[0].roleARN must be text, not a mapping',
      '11:29 iam.podIdentityAssociations[0].createServiceAccount must be true or false, not "true"',
      '12:27 iam.podIdentityAssociations[0].disableSessionTags must be true or false, not the number 1',
      '13:22 iam.podIdentityAssociations[0].targetRoleARN must be text, not the boolean true: put it in quotes',
      '14:15 iam.podIdentityAssociations[0].policy must be text, not a mapping',
      '15:13 iam.podIdentityAssociations[0].tags must be a mapping (key: value), not a list',
      '16:18 iam.podIdentityAssociations[1].namespace must be in quotes: eksctl takes no for true or false',
      '18:29 iam.podIdentityAssociations[1].permissionPolicyARNs must be a list, not "arn:aws:iam::aws:policy/ReadOnlyAccess"',
      '19:25 iam.podIdentityAssociations[1].permissionPolicy must be a mapping, not text: write the document without quotes and without |',
      '20:26 iam.podIdentityAssociations[1].wellKnownPolicies must be a mapping (key: value), not a list',
      '22:31 iam.podIdentityAssociations[1].permissionsBoundaryARN must be text, not the number 1.10: put it in quotes',
      '25:30 iam.podIdentityAssociations[2].permissionPolicyARNs[0] must be text, not the number 1: put it in quotes',
      '25:33 iam.podIdentityAssociations[2].permissionPolicyARNs[1] must be text, not empty',
      '25:39 iam.podIdentityAssociations[2].permissionPolicyARNs[2] must be text, not a mapping',
      '26:39 iam.podIdentityAssociations[2].wellKnownPolicies.autoScaler must be true or false, not "yes"',
      '26:46 iam.podIdentityAssociations[2].wellKnownPolicies.externalDns is not a well-known policy; did you mean "externalDNS"?',
      '27:17 iam.podIdentityAssociations[2].tags.a must be text, not a mapping',
      '27:28 iam.podIdentityAssociations[2].tags.d must be text, not the number 007: put it in quotes',
      '27:36 iam.podIdentityAssociations[2].tags.e must be in quotes: eksctl takes off for true or false',
      '27:44 iam.podIdentityAssociations[2].tags.f must be in quotes: eksctl takes 1_000 for a number',
      '27:54 iam.podIdentityAssociations[2].tags.g must be in quotes: eksctl takes 0b11 for a number',
      '27:63 iam.podIdentityAssociations[2].tags.h must be text, not the number 1.0: put it in quotes',
      '27:71 iam.podIdentityAssociations[2].tags.i must be text, not the number -0: put it in quotes',
    ],
  },
};
