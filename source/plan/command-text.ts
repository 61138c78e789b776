import type { Action } from './action.ts';

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

/** What an action is before its command is written: the action without `command`. */
export type Draft = Action extends infer One ? (One extends Action ? Omit<One, 'command'> : never) : never;

/** The `aws` command that does the same as the action (AWS CLI command reference). */
export function commandText(draft: Draft): string {
  const aws = (words: string, flags: Readonly<Record<string, Flag>>) => awsCommand(words, draft.region, flags);
  switch (draft.type) {
    case 'install-addon':
      return aws('eks create-addon', {
        'cluster-name': draft.request.clusterName,
        'addon-name': draft.request.addonName,
        'addon-version': draft.request.addonVersion,
      });
    case 'edit-trust':
      return aws('iam update-assume-role-policy', {
        'role-name': draft.request.RoleName,
        'policy-document': draft.request.PolicyDocument,
      });
    case 'edit-stack-trust':
      return stackCommand(draft);
    case 'create-association': {
      const { roleArn, tags } = draft.request;
      return aws('eks create-pod-identity-association', {
        'cluster-name': draft.request.clusterName,
        namespace: draft.request.namespace,
        'service-account': draft.request.serviceAccount,
        'role-arn': typeof roleArn === 'string' ? roleArn : `<${roleArn.output} of ${roleArn.$from}>`,
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
        'role-arn': draft.request.roleArn,
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
        'pod-identity-associations': json(draft.request.podIdentityAssociations),
      });
  }
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

/** Two commands and a filter between them: the template is whatever the stack has when the command runs. */
function stackCommand({ region, request, trustPolicy }: Extract<Draft, { type: 'edit-stack-trust' }>): string {
  const logicalId = request.LogicalResourceId ?? 'LOGICAL_ID';
  const filter = `.Resources[${json(logicalId)}].Properties.AssumeRolePolicyDocument = $trust`;
  const get = awsCommand('cloudformation get-template', region, {
    'stack-name': request.StackName,
    'template-stage': 'Original',
    query: 'TemplateBody',
    output: 'json',
  });
  const update = awsCommand('cloudformation update-stack', region, {
    'stack-name': request.StackName,
    'template-body': 'file://template.json',
  });
  const capabilities =
    request.Capabilities.length > 0 ? ` --capabilities ${request.Capabilities.map(quote).join(' ')}` : '';
  const keep = (request.KeepParameters ?? []).map(name => quote(`ParameterKey=${name},UsePreviousValue=true`));
  const parameters = keep.length > 0 ? ` --parameters ${keep.join(' ')}` : '';
  return `${get} | jq --argjson trust ${quote(trustPolicy)} ${quote(filter)} > template.json && ${update}${capabilities}${parameters}`;
}
