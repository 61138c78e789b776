import { type Action, type AddonAssociation, isRef, type Value } from './action.ts';

/** One word for a POSIX shell: as it is when that is safe, else in single quotes. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

type Flag = string | true | undefined;

/** `aws {service} {operation} --flag value ...`, ready to paste; flags without a value are left out. */
function awsCommand(words: string, region: string, flags: Readonly<Record<string, Flag>>): string {
  const all: Readonly<Record<string, Flag>> = { ...flags, region };
  const parts = Object.entries(all).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return value === true ? [`--${name}`] : [`--${name} ${quote(value)}`];
  });
  return ['aws', words, ...parts].join(' ');
}

/** The AWS CLI takes maps as JSON everywhere; its shorthand breaks on commas. */
const json = (value: unknown): string => JSON.stringify(value);

const sessionTags = (disabled: boolean | undefined): Readonly<Record<string, Flag>> =>
  disabled === undefined ? {} : { [disabled ? 'disable-session-tags' : 'no-disable-session-tags']: true };

/** A value that the command's reader has to put in, once an earlier command has told it. */
const valueText = (value: Value<string>): string => (isRef(value) ? `<${value.output} of ${value.$from}>` : value);

const associationsJson = (list: readonly AddonAssociation[]): string =>
  json(list.map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn: valueText(roleArn) })));

/** What an action is before its command is written: the action without `command`. */
export type Draft = Action extends infer One ? (One extends Action ? Omit<One, 'command'> : never) : never;

/** The `aws` or `kubectl` command that does the same as the action (AWS CLI and kubectl command references). */
export function commandText(draft: Draft): string {
  const aws = (words: string, flags: Readonly<Record<string, Flag>>) => awsCommand(words, draft.region, flags);
  switch (draft.type) {
    case 'install-addon': {
      const { tags } = draft.request;
      return aws('eks create-addon', {
        'cluster-name': draft.request.clusterName,
        'addon-name': draft.request.addonName,
        'addon-version': draft.request.addonVersion,
        'pod-identity-associations':
          draft.request.podIdentityAssociations && associationsJson(draft.request.podIdentityAssociations),
        tags: tags && Object.keys(tags).length > 0 ? json(tags) : undefined,
      });
    }
    case 'edit-trust':
      return aws('iam update-assume-role-policy', {
        'role-name': draft.request.RoleName,
        'policy-document': draft.request.PolicyDocument,
      });
    case 'edit-stack-trust':
      return stackCommand(draft);
    case 'create-association': {
      const { tags } = draft.request;
      return aws('eks create-pod-identity-association', {
        'cluster-name': draft.request.clusterName,
        namespace: draft.request.namespace,
        'service-account': draft.request.serviceAccount,
        'role-arn': valueText(draft.request.roleArn),
        'target-role-arn': draft.request.targetRoleArn,
        ...sessionTags(draft.request.disableSessionTags),
        policy: draft.request.policy,
        tags: tags && Object.keys(tags).length > 0 ? json(tags) : undefined,
      });
    }
    case 'update-association':
      return aws('eks update-pod-identity-association', {
        'cluster-name': draft.request.clusterName,
        'association-id': draft.request.associationId,
        'role-arn': draft.request.roleArn && valueText(draft.request.roleArn),
        'target-role-arn': draft.request.targetRoleArn,
        ...sessionTags(draft.request.disableSessionTags),
        policy: draft.request.policy,
      });
    case 'tag-association':
      return tagCommand(draft);
    case 'delete-association':
      return aws('eks delete-pod-identity-association', {
        'cluster-name': draft.request.clusterName,
        'association-id': draft.request.associationId,
      });
    case 'update-addon':
      return aws('eks update-addon', {
        'cluster-name': draft.request.clusterName,
        'addon-name': draft.request.addonName,
        'addon-version': draft.request.addonVersion,
        'configuration-values': draft.request.configurationValues,
        'pod-identity-associations': associationsJson(draft.request.podIdentityAssociations),
      });
    case 'annotate':
      return annotateCommand(draft);
    case 'create-role-stack':
    case 'update-role-stack':
      return roleStackCommand(draft);
    case 'delete-role-stack':
      return deleteStackCommand(draft);
    case 'create-namespace':
      return `kubectl create namespace ${quote(draft.request.name)}`;
    case 'create-service-account':
      return createAccountCommand(draft);
    case 'delete-service-account':
      return `kubectl delete serviceaccount ${quote(draft.target.serviceAccount)} --namespace ${quote(draft.target.namespace)}`;
    case 'restart-workload':
      return restartCommand(draft);
    case 'verify-pods':
      return verifyCommand(draft);
  }
}

/** kubectl takes `key-` for a key that shall go. */
function annotateCommand({ target, request }: Extract<Draft, { type: 'annotate' }>): string {
  const keys = Object.entries(request.annotations).map(([key, value]) =>
    value === null ? `${key}-` : `${key}=${value}`,
  );
  const overwrite = Object.values(request.annotations).some(value => value !== null) ? ' --overwrite' : '';
  return (
    `kubectl annotate serviceaccount ${quote(target.serviceAccount)} --namespace ${quote(target.namespace)}${overwrite} ` +
    keys.map(quote).join(' ')
  );
}

function createAccountCommand({ target, request }: Extract<Draft, { type: 'create-service-account' }>): string {
  const name = quote(target.serviceAccount);
  const namespace = `--namespace ${quote(target.namespace)}`;
  const create = `kubectl create serviceaccount ${name} ${namespace}`;
  const labels = Object.entries(request.labels).map(([key, value]) => quote(`${key}=${value}`));
  return labels.length > 0
    ? `${create} && kubectl label serviceaccount ${name} ${namespace} ${labels.join(' ')}`
    : create;
}

function restartCommand({ scope, workload, request }: Extract<Draft, { type: 'restart-workload' }>): string {
  const namespace = `--namespace ${quote(request.namespace)}`;
  if (scope === 'one-pod') return `kubectl delete pod ${quote(request.name)} ${namespace}`;
  const what = quote(`${workload.kind.toLowerCase()}/${workload.name}`);
  return `kubectl rollout restart ${what} ${namespace} && kubectl rollout status ${what} ${namespace}`;
}

/** Prints each pod of the account with the variables that the admission webhook gave it. */
function verifyCommand({ request }: Extract<Draft, { type: 'verify-pods' }>): string {
  const filter =
    `.items[] | select(.spec.serviceAccountName == ${json(request.serviceAccount)}) | ` +
    '[.metadata.name, ([.spec.containers[].env[]?.name | select(test("^AWS_(CONTAINER_CREDENTIALS_FULL_URI|WEB_IDENTITY_TOKEN_FILE)$"))] | unique | join(" "))] | @tsv';
  return `kubectl get pods --namespace ${quote(request.namespace)} --output json | jq --raw-output ${quote(filter)}`;
}

function tagCommand({ region, request }: Extract<Draft, { type: 'tag-association' }>): string {
  const { resourceArn, tags, untag } = request;
  const commands = [
    ...(Object.keys(tags).length > 0
      ? [awsCommand('eks tag-resource', region, { 'resource-arn': resourceArn, tags: json(tags) })]
      : []),
    ...(untag.length > 0
      ? [
          `${awsCommand('eks untag-resource', region, { 'resource-arn': resourceArn })} --tag-keys ${untag.map(quote).join(' ')}`,
        ]
      : []),
  ];
  return commands.join(' && ');
}

type RoleStackDraft = Extract<Draft, { type: 'create-role-stack' | 'update-role-stack' }>;

/** The AWS CLI returns at once, so the command that follows a request is the wait for it. */
function roleStackCommand({ region, type, request }: RoleStackDraft): string {
  const [verb, wait] =
    type === 'create-role-stack'
      ? ['create-stack', 'stack-create-complete']
      : ['update-stack', 'stack-update-complete'];
  const command = awsCommand(`cloudformation ${verb}`, region, {
    'stack-name': request.StackName,
    'template-body': request.TemplateBody,
    tags: json(Object.entries(request.Tags).map(([Key, Value]) => ({ Key, Value }))),
    ...('EnableTerminationProtection' in request &&
      request.EnableTerminationProtection && { 'enable-termination-protection': true as const }),
  });
  const capabilities =
    request.Capabilities.length > 0 ? ` --capabilities ${request.Capabilities.map(quote).join(' ')}` : '';
  const keep = 'KeepParameters' in request ? (request.KeepParameters ?? []) : [];
  const parameters = keep.map(name => quote(`ParameterKey=${name},UsePreviousValue=true`)).join(' ');
  const waiting = awsCommand(`cloudformation wait ${wait}`, region, { 'stack-name': request.StackName });
  return `${command}${capabilities}${parameters ? ` --parameters ${parameters}` : ''} && ${waiting}`;
}

/** CloudFormation refuses to delete a stack while its termination protection is on (CloudFormation User Guide). */
function deleteStackCommand({ region, request }: Extract<Draft, { type: 'delete-role-stack' }>): string {
  const stack = request.StackId ?? request.StackName;
  return [
    awsCommand('cloudformation update-termination-protection', region, {
      'stack-name': request.StackName,
      'no-enable-termination-protection': true,
    }),
    awsCommand('cloudformation delete-stack', region, { 'stack-name': stack }),
    awsCommand('cloudformation wait stack-delete-complete', region, { 'stack-name': stack }),
  ].join(' && ');
}

/** A template in YAML goes whole; for one in JSON, a filter sets the trust policy of whatever the stack has by then. */
function stackCommand({ region, request, trustPolicy }: Extract<Draft, { type: 'edit-stack-trust' }>): string {
  const logicalId = request.LogicalResourceId ?? 'LOGICAL_ID';
  const filter = `.Resources[${json(logicalId)}].Properties.AssumeRolePolicyDocument = $trust`;
  const get = awsCommand('cloudformation get-template', region, {
    'stack-name': request.StackName,
    'template-stage': 'Original',
    query: 'TemplateBody',
    output: 'json',
  });
  const whole = request.TemplateBody?.trimStart().startsWith('{') === false ? request.TemplateBody : undefined;
  const update = awsCommand('cloudformation update-stack', region, {
    'stack-name': request.StackName,
    'template-body': whole ?? 'file://template.json',
  });
  const capabilities =
    request.Capabilities.length > 0 ? ` --capabilities ${request.Capabilities.map(quote).join(' ')}` : '';
  const keep = (request.KeepParameters ?? []).map(name => quote(`ParameterKey=${name},UsePreviousValue=true`));
  const parameters = keep.length > 0 ? ` --parameters ${keep.join(' ')}` : '';
  const send = `${update}${capabilities}${parameters}`;
  return whole === undefined
    ? `${get} | jq --argjson trust ${quote(trustPolicy)} ${quote(filter)} > template.json && ${send}`
    : send;
}
