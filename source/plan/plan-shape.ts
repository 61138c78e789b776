/** What a plan looks like as JSON, action by action. Kept in step with action.ts: a test checks every kind of action. */
import type { Action } from './action.ts';
import { by, type Check, count, either, flag, listOf, mapOf, object, oneOf, text } from './shape.ts';

const subject = object({ namespace: text, serviceAccount: text });
const tags = mapOf(text);
const textOrNull = either(text, oneOf(null));
const identity = oneOf('pod-identity', 'irsa');
const reference = object({ $from: text, output: text });
const value = either(text, reference);
const seenAssociations = listOf(object({ serviceAccount: text, roleArn: text }));
const addonAssociations = listOf(object({ serviceAccount: text, roleArn: value }));
const intent = oneOf('admit', 'retire', 'restore');

const stackRequest = { StackName: text, TemplateBody: text, Tags: tags, Capabilities: listOf(text) };

type Fields = Readonly<Record<string, Check>>;

const action = (
  type: Action['type'],
  service: Action['service'],
  operation: Check,
  fields: Fields,
  optional: Fields = {},
) =>
  object(
    {
      type: oneOf(type),
      service: oneOf(service),
      operation,
      account: text,
      region: text,
      cluster: text,
      subject: text,
      command: text,
      ...fields,
    },
    { undo: text, ...optional },
  );

const actionShapes: Readonly<Record<Action['type'], Check>> = {
  'install-addon': action(
    'install-addon',
    'eks',
    oneOf('CreateAddon'),
    {
      request: object(
        { clusterName: text, addonName: text },
        { addonVersion: text, podIdentityAssociations: addonAssociations, tags },
      ),
    },
    { readyOnNodes: oneOf(true) },
  ),
  'edit-trust': action('edit-trust', 'iam', oneOf('UpdateAssumeRolePolicy'), {
    roleArn: text,
    intent,
    expects: text,
    request: object({ RoleName: text, PolicyDocument: text }),
  }),
  'edit-stack-trust': action(
    'edit-stack-trust',
    'cloudformation',
    oneOf('UpdateStack'),
    {
      roleArn: text,
      intent,
      expects: text,
      trustPolicy: text,
      request: object(
        { StackName: text, StackId: text, Tags: tags, Capabilities: listOf(text) },
        { LogicalResourceId: text, TemplateBody: text, KeepParameters: listOf(text) },
      ),
    },
    { templateTrust: text },
  ),
  'create-association': action('create-association', 'eks', oneOf('CreatePodIdentityAssociation'), {
    target: subject,
    request: object(
      { clusterName: text, namespace: text, serviceAccount: text, roleArn: value },
      { targetRoleArn: text, disableSessionTags: flag, policy: text, tags },
    ),
  }),
  'update-association': action('update-association', 'eks', oneOf('UpdatePodIdentityAssociation'), {
    target: subject,
    expects: object({}, { roleArn: text, targetRoleArn: textOrNull, disableSessionTags: flag, policy: textOrNull }),
    request: object(
      { clusterName: text, associationId: text },
      { roleArn: value, targetRoleArn: text, disableSessionTags: flag, policy: text },
    ),
  }),
  'tag-association': action('tag-association', 'eks', oneOf('TagResource'), {
    target: subject,
    request: object({ resourceArn: text, tags, untag: listOf(text) }),
  }),
  'delete-association': action('delete-association', 'eks', oneOf('DeletePodIdentityAssociation'), {
    target: subject,
    expects: object({ roleArn: text }),
    request: object({ clusterName: text, associationId: text }),
  }),
  'update-addon': action(
    'update-addon',
    'eks',
    oneOf('UpdateAddon'),
    {
      request: object(
        { clusterName: text, addonName: text, addonVersion: text, podIdentityAssociations: addonAssociations },
        { configurationValues: text },
      ),
    },
    { expects: seenAssociations },
  ),
  annotate: action('annotate', 'kubernetes', oneOf('PatchServiceAccount'), {
    target: subject,
    expects: mapOf(textOrNull),
    request: object({ annotations: mapOf(textOrNull) }),
  }),
  'create-role-stack': action('create-role-stack', 'cloudformation', oneOf('CreateStack'), {
    request: object({ ...stackRequest, EnableTerminationProtection: flag }),
  }),
  'update-role-stack': action('update-role-stack', 'cloudformation', oneOf('UpdateStack'), {
    expects: object({ TemplateBody: text }),
    request: object({ ...stackRequest, StackId: text }, { KeepParameters: listOf(text) }),
  }),
  'delete-role-stack': action('delete-role-stack', 'cloudformation', oneOf('DeleteStack'), {
    request: object({ StackName: text }, { StackId: text }),
  }),
  'create-namespace': action('create-namespace', 'kubernetes', oneOf('CreateNamespace'), {
    request: object({ name: text }),
  }),
  'create-service-account': action('create-service-account', 'kubernetes', oneOf('CreateServiceAccount'), {
    target: subject,
    request: object({ labels: mapOf(text) }),
  }),
  'delete-service-account': action('delete-service-account', 'kubernetes', oneOf('DeleteServiceAccount'), {
    target: subject,
    expects: object({ uid: text }),
    request: object({}),
  }),
  'restart-workload': action('restart-workload', 'kubernetes', oneOf('DeletePod', 'PatchWorkload'), {
    target: subject,
    workload: object({ kind: oneOf('Deployment', 'StatefulSet', 'DaemonSet'), name: text }),
    scope: oneOf('one-pod', 'rollout'),
    wants: identity,
    request: object({ namespace: text, name: text }),
  }),
  'verify-pods': action('verify-pods', 'kubernetes', oneOf('ListPods'), {
    target: subject,
    wants: identity,
    request: object({ namespace: text, serviceAccount: text }),
  }),
};

const actionNode = object(
  { id: text, title: text, kind: oneOf('action'), needs: listOf(text), action: by('type', actionShapes) },
  { stage: oneOf('agent', 'trust', 'associate', 'restart', 'retire'), onlyIfFails: text },
);

/** Deep enough for every planner, and a bound for whatever else a file may hold. */
const deepest = 16;

const node =
  (depth: number): Check =>
  (value, path) => {
    if (depth > deepest) return `${path} is nested too deeply`;
    return by('kind', { action: actionNode, sequence: group(depth), parallel: group(depth) })(value, path);
  };

const group = (depth: number): Check =>
  object({ id: text, title: text, kind: oneOf('sequence', 'parallel'), children: listOf(node(depth + 1)) });

const remarks = listOf(object({ subject: text, reason: text }, { command: text, chosen: oneOf(true) }));

const evidence = listOf(
  object({
    gate: oneOf('agent', 'platform', 'trust', 'session-tags', 'owner', 'sdk', 'retire'),
    subject: text,
    verdict: oneOf('ok', 'held', 'warning', 'unknown'),
    detail: text,
  }),
);

export const planShape: Check = object(
  {
    version: oneOf(1),
    command: oneOf('create', 'update', 'delete', 'apply', 'migrate', 'undo'),
    cluster: object({ arn: text, name: text, partition: text, account: text, region: text }),
    readAt: count,
    root: group(0),
    skipped: remarks,
    held: remarks,
    same: remarks,
    notes: listOf(text),
  },
  { evidence, beyond: remarks },
);
