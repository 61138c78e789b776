import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  paginateDescribeStacks,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { addStack, advance, podIdentityTrust } from '../../../source/sandbox/world.ts';
import { refusal } from './clients.ts';
import { scene } from './scene.ts';

const ROLE1 = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: podIdentityTrust(),
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
  },
};
const POLICY1 = {
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyName: { 'Fn::Sub': `\${AWS::StackName}-Policy1` },
    PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
    Roles: [{ Ref: 'Role1' }],
  },
};
const OUTPUTS = { Role1: { Value: { 'Fn::GetAtt': 'Role1.Arn' } } };

function template(over: object = {}, rest: object = {}): string {
  return JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'a role',
    Resources: { Policy1: POLICY1, Role1: { ...ROLE1, Properties: { ...ROLE1.Properties, ...over } } },
    Outputs: OUTPUTS,
    ...rest,
  });
}

const CREATE = { StackName: 's', TemplateBody: template(), Capabilities: ['CAPABILITY_IAM' as const] };

function stage() {
  const all = scene();
  const wait = (milliseconds = 10_000) => {
    all.time.now += milliseconds;
    advance(all.world, all.time.now);
  };
  const status = async (name = 's') =>
    (await all.cloudformation.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0]?.StackStatus;
  const statuses = async (name = 's') =>
    (await all.cloudformation.send(new DescribeStackEventsCommand({ StackName: name }))).StackEvents?.map(
      each => `${each.LogicalResourceId} ${each.ResourceStatus}`,
    ).reverse();
  const stackRole = () => [...all.account.roles.values()].find(each => each.name.startsWith('s-Role1-'));
  return { ...all, wait, status, statuses, stackRole };
}

describe('creating', () => {
  it('makes roles and policies over time, with tags and outputs', async () => {
    const { cloudformation, wait, status, statuses, stackRole } = stage();
    const Tags = [{ Key: 'team', Value: 'pay' }];
    const { StackId } = await cloudformation.send(
      new CreateStackCommand({ ...CREATE, Tags, EnableTerminationProtection: true }),
    );
    expect(await status()).toBe('CREATE_IN_PROGRESS');
    expect(stackRole()).toBeUndefined();
    wait();
    const role = stackRole();
    expect(role?.name).toMatch(/^s-Role1-[A-Z0-9]{12}$/u);
    expect([...(role?.attachedPolicies ?? [])]).toEqual(['arn:aws:iam::aws:policy/ReadOnlyAccess']);
    expect([...(role?.inlinePolicies.keys() ?? [])]).toEqual(['s-Policy1']);
    expect(role?.tags).toEqual(new Map([['team', 'pay']]));
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: StackId }));
    expect(Stacks?.[0]).toMatchObject({
      StackName: 's',
      StackId,
      StackStatus: 'CREATE_COMPLETE',
      Description: 'a role',
      Outputs: [{ OutputKey: 'Role1', OutputValue: role?.arn }],
      Tags,
      Capabilities: ['CAPABILITY_IAM'],
      EnableTerminationProtection: true,
    });
    expect(await statuses()).toEqual([
      's CREATE_IN_PROGRESS',
      'Role1 CREATE_IN_PROGRESS',
      'Policy1 CREATE_IN_PROGRESS',
      'Role1 CREATE_COMPLETE',
      'Policy1 CREATE_COMPLETE',
      's CREATE_COMPLETE',
    ]);
  });

  it('tells in each event which request it comes from', async () => {
    const { cloudformation, wait } = stage();
    await cloudformation.send(new CreateStackCommand({ ...CREATE, ClientRequestToken: 'made' }));
    wait();
    const { StackId } = (await cloudformation.send(new DescribeStacksCommand({ StackName: 's' }))).Stacks?.[0] ?? {};
    await cloudformation.send(new UpdateStackCommand({ ...CREATE, Tags: [{ Key: 'a', Value: 'b' }] }));
    wait();
    await cloudformation.send(new DeleteStackCommand({ StackName: 's', ClientRequestToken: 'gone' }));
    wait();
    const { StackEvents = [] } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: StackId }));
    const tokens = StackEvents.filter(({ ResourceType }) => ResourceType === 'AWS::CloudFormation::Stack')
      .map(({ ResourceStatus, ClientRequestToken }) => `${ResourceStatus} ${ClientRequestToken}`)
      .reverse();
    expect(tokens).toEqual([
      'CREATE_IN_PROGRESS made',
      'CREATE_COMPLETE made',
      expect.stringMatching(/^UPDATE_IN_PROGRESS (?!made)/u),
      expect.stringMatching(/^UPDATE_COMPLETE_CLEANUP_IN_PROGRESS (?!made)/u),
      expect.stringMatching(/^UPDATE_COMPLETE (?!made)/u),
      'DELETE_IN_PROGRESS gone',
      'DELETE_COMPLETE gone',
    ]);
    expect(new Set(StackEvents.slice(-6).map(({ ClientRequestToken }) => ClientRequestToken))).toEqual(
      new Set(['made']),
    );
  });

  it('reads YAML with short forms, parameters and pseudo parameters', async () => {
    const { cloudformation, wait, account } = stage();
    const TemplateBody = `
Parameters:
  Team: {Type: String, Default: pay}
  Name: {Type: String}
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "\${Team}-\${Name}-\${AWS::Region}"
      Path: !Join ["", ["/", !Ref "AWS::AccountId", "/"]]
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: ["sts:AssumeRole", "sts:TagSession"]}
Outputs:
  Arn: {Value: !GetAtt R.Arn}
  Half: {Value: !Select [1, !Split ["-", !Ref R]]}
`;
    const create = new CreateStackCommand({
      StackName: 's',
      TemplateBody,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: [{ ParameterKey: 'Name', ParameterValue: 'api' }],
    });
    await cloudformation.send(create);
    wait();
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 's' }));
    expect(Stacks?.[0]?.Outputs).toEqual([
      { OutputKey: 'Arn', OutputValue: 'arn:aws:iam::111122223333:role/111122223333/pay-api-eu-west-1' },
      { OutputKey: 'Half', OutputValue: 'api' },
    ]);
    expect(account.roles.get('pay-api-eu-west-1')?.trustPolicy).toBe(JSON.stringify(podIdentityTrust()));
  });

  it('rolls back when a resource fails, and then can only be deleted', async () => {
    const { cloudformation, wait, status, statuses, account } = stage();
    const TemplateBody = template({ RoleName: 'api' });
    const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
    await cloudformation.send(new CreateStackCommand({ ...CREATE, TemplateBody, Capabilities }));
    wait();
    expect(await status()).toBe('ROLLBACK_COMPLETE');
    expect(await statuses()).toContain('Role1 CREATE_FAILED');
    const { StackEvents } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: 's' }));
    const failed = StackEvents?.find(each => each.ResourceStatus === 'CREATE_FAILED');
    expect(failed?.ResourceStatusReason).toContain('Role with name api already exists.');
    expect(account.roles.size).toBe(1);
    expect((await refusal(cloudformation.send(new UpdateStackCommand(CREATE)))).message).toMatch(
      /^Stack:arn:aws:cloudformation:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/u,
    );
    await cloudformation.send(new DeleteStackCommand({ StackName: 's' }));
    wait();
    expect((await refusal(status())).message).toBe('Stack with id s does not exist');
  });

  it.each([
    ['DO_NOTHING' as const, 'CREATE_FAILED'],
    ['DELETE' as const, 'DELETE_COMPLETE'],
  ])('that fails can end otherwise: %s', async (OnFailure, end) => {
    const { cloudformation, wait, status } = stage();
    const TemplateBody = template({ RoleName: 'api' });
    const { StackId } = await cloudformation.send(
      new CreateStackCommand({ ...CREATE, TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'], OnFailure }),
    );
    wait();
    expect(await status(StackId)).toBe(end);
  });

  it('refuses names that are taken, but not the same request again', async () => {
    const { cloudformation, account } = stage();
    const request = { ...CREATE, ClientRequestToken: 'run-1' };
    const first = await cloudformation.send(new CreateStackCommand(request));
    expect((await cloudformation.send(new CreateStackCommand(request))).StackId).toBe(first.StackId);
    expect(account.stacks.size).toBe(1);
    expect(await refusal(cloudformation.send(new CreateStackCommand(CREATE)))).toMatchObject({
      name: 'AlreadyExistsException',
      status: 400,
      message: 'Stack [s] already exists',
    });
  });

  it.each([
    [{ Capabilities: [] }, 'InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_IAM]'],
    [
      { TemplateBody: template({ RoleName: 'x' }) },
      'InsufficientCapabilitiesException',
      'Requires capabilities : [CAPABILITY_NAMED_IAM]',
    ],
    [{ TemplateBody: '{' }, 'ValidationError', 'Template format error: JSON not well-formed.'],
    [{ TemplateBody: 'a: [' }, 'ValidationError', 'Template format error: YAML not well-formed.'],
    [
      { TemplateBody: '{}' },
      'ValidationError',
      'Template format error: At least one Resources member must be defined.',
    ],
    [
      { TemplateBody: template({}, { Extra: 1 }) },
      'ValidationError',
      'Invalid template property or properties [Extra]',
    ],
    [
      { TemplateBody: template({ Description: { Ref: 'Nope' } }) },
      'ValidationError',
      'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template',
    ],
    [
      { TemplateBody: template({}, { Parameters: { P: { Type: 'String' } } }) },
      'ValidationError',
      'Parameters: [P] must have values',
    ],
    [
      { Parameters: [{ ParameterKey: 'P', ParameterValue: 'x' }] },
      'ValidationError',
      'Parameters: [P] do not exist in the template',
    ],
  ])('refuses %j', async (over, name, message) => {
    const { cloudformation, account } = stage();
    expect(await refusal(cloudformation.send(new CreateStackCommand({ ...CREATE, ...over })))).toEqual({
      name,
      status: 400,
      message,
    });
    expect(account.stacks.size).toBe(0);
  });
});

describe('updating', () => {
  async function made() {
    const all = stage();
    await all.cloudformation.send(new CreateStackCommand({ ...CREATE, Tags: [{ Key: 'team', Value: 'pay' }] }));
    all.wait();
    return all;
  }
  const sid = (Sid: string) => {
    const trust = podIdentityTrust() as { Statement: object[] };
    return template({ AssumeRolePolicyDocument: { ...trust, Statement: [{ Sid, ...trust.Statement[0] }] } });
  };

  it('changes a role in place and keeps tags it is not told about', async () => {
    const { cloudformation, wait, status, statuses, stackRole } = await made();
    const before = stackRole();
    await cloudformation.send(new UpdateStackCommand({ ...CREATE, TemplateBody: sid('Next') }));
    expect(await status()).toBe('UPDATE_IN_PROGRESS');
    expect((await refusal(cloudformation.send(new UpdateStackCommand(CREATE)))).message).toMatch(
      /is in UPDATE_IN_PROGRESS state and can not be updated\.$/u,
    );
    wait();
    expect(await status()).toBe('UPDATE_COMPLETE');
    expect(stackRole()).toBe(before);
    expect(before?.trustPolicy).toContain('"Sid":"Next"');
    expect(before?.tags).toEqual(new Map([['team', 'pay']]));
    expect((await statuses())?.slice(-5)).toEqual([
      's UPDATE_IN_PROGRESS',
      'Role1 UPDATE_IN_PROGRESS',
      'Role1 UPDATE_COMPLETE',
      's UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      's UPDATE_COMPLETE',
    ]);
    const { TemplateBody } = await cloudformation.send(new GetTemplateCommand({ StackName: 's' }));
    expect(TemplateBody).toBe(sid('Next'));
  });

  it('replaces or clears tags when told, also on the role', async () => {
    const { cloudformation, wait, stackRole } = await made();
    const update = { StackName: 's', UsePreviousTemplate: true, Capabilities: CREATE.Capabilities };
    await cloudformation.send(new UpdateStackCommand({ ...update, Tags: [{ Key: 'cost', Value: '1' }] }));
    wait();
    expect(stackRole()?.tags).toEqual(new Map([['cost', '1']]));
    await cloudformation.send(new UpdateStackCommand({ ...update, Tags: [] }));
    wait();
    expect(stackRole()?.tags.size).toBe(0);
  });

  it('undoes drift', async () => {
    const { cloudformation, wait, stackRole, account } = await made();
    const role = stackRole();
    const drifted = JSON.stringify({ ...podIdentityTrust(), Id: 'by-hand' });
    account.roles.forEach(each => {
      each.trustPolicy = each === role ? drifted : each.trustPolicy;
    });
    await cloudformation.send(new UpdateStackCommand({ ...CREATE, TemplateBody: template({ Description: 'new' }) }));
    wait();
    expect(role?.trustPolicy).toBe(JSON.stringify(podIdentityTrust()));
  });

  it('says when there is nothing to do', async () => {
    const { cloudformation } = await made();
    expect(await refusal(cloudformation.send(new UpdateStackCommand(CREATE)))).toEqual({
      name: 'ValidationError',
      status: 400,
      message: 'No updates are to be performed.',
    });
  });

  it('is done once for one token', async () => {
    const { cloudformation, wait, statuses } = await made();
    const request = { ...CREATE, TemplateBody: sid('Next'), ClientRequestToken: 'run-1' };
    await cloudformation.send(new UpdateStackCommand(request));
    wait();
    await cloudformation.send(new UpdateStackCommand(request));
    expect((await statuses())?.filter(each => each === 's UPDATE_IN_PROGRESS')).toHaveLength(1);
  });

  it('rolls back a refused trust policy, with the reason', async () => {
    const { cloudformation, wait, status, stackRole } = await made();
    const before = stackRole()?.trustPolicy;
    const bad = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: 'AROAABCDEFGHIJKLMNOPQ' }, Action: 'sts:AssumeRole' }],
    };
    await cloudformation.send(
      new UpdateStackCommand({ ...CREATE, TemplateBody: template({ AssumeRolePolicyDocument: bad }) }),
    );
    wait();
    expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(stackRole()?.trustPolicy).toBe(before);
    const { StackEvents } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: 's' }));
    const failed = StackEvents?.find(each => each.ResourceStatus === 'UPDATE_FAILED');
    expect(failed?.ResourceStatusReason).toContain('Invalid principal in policy: "AWS":"AROAABCDEFGHIJKLMNOPQ"');
    const { TemplateBody } = await cloudformation.send(new GetTemplateCommand({ StackName: 's' }));
    expect(TemplateBody).toBe(CREATE.TemplateBody);
    await cloudformation.send(new UpdateStackCommand({ ...CREATE, TemplateBody: sid('After') }));
    wait();
    expect(await status()).toBe('UPDATE_COMPLETE');
  });

  it('adds, removes and replaces resources', async () => {
    const { cloudformation, wait, stackRole, account } = await made();
    const old = stackRole();
    const body = {
      Resources: { Role1: { ...ROLE1, Properties: { ...ROLE1.Properties, Path: '/new/' } }, Role2: ROLE1 },
      Outputs: OUTPUTS,
    };
    await cloudformation.send(new UpdateStackCommand({ ...CREATE, TemplateBody: JSON.stringify(body) }));
    wait();
    expect(account.roles.has(old?.name.toLowerCase() ?? '')).toBe(false);
    expect(stackRole()?.path).toBe('/new/');
    expect(stackRole()?.inlinePolicies.size).toBe(0);
    const { StackResourceSummaries } = await cloudformation.send(new ListStackResourcesCommand({ StackName: 's' }));
    expect(StackResourceSummaries?.map(each => each.LogicalResourceId)).toEqual(['Role1', 'Role2']);
  });

  it('takes back what it added when another resource fails', async () => {
    const { cloudformation, wait, status, statuses, account } = await made();
    const taken = { ...ROLE1, Properties: { ...ROLE1.Properties, RoleName: 'api' } };
    const body = { Resources: { Policy1: POLICY1, Role1: ROLE1, Role2: ROLE1, Role3: taken }, Outputs: OUTPUTS };
    const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
    await cloudformation.send(
      new UpdateStackCommand({ StackName: 's', TemplateBody: JSON.stringify(body), Capabilities }),
    );
    wait();
    expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await statuses()).toEqual(expect.arrayContaining(['Role2 CREATE_COMPLETE', 'Role3 CREATE_FAILED']));
    expect([...account.roles.keys()].filter(each => each.includes('role2'))).toEqual([]);
    const { StackResourceSummaries } = await cloudformation.send(new ListStackResourcesCommand({ StackName: 's' }));
    expect(StackResourceSummaries?.map(each => each.LogicalResourceId)).toEqual(['Policy1', 'Role1']);
  });

  it('survives a role that somebody deleted', async () => {
    const { cloudformation, wait, status, stackRole, account } = await made();
    account.roles.delete(stackRole()?.name.toLowerCase() ?? '');
    await cloudformation.send(new UpdateStackCommand({ ...CREATE, TemplateBody: sid('Next') }));
    wait();
    expect(await status()).toBe('UPDATE_ROLLBACK_FAILED');
  });

  it('goes through change sets', async () => {
    const { cloudformation, wait, status, stackRole } = await made();
    const named = { StackName: 's', ChangeSetName: 'next' };
    await cloudformation.send(new CreateChangeSetCommand({ ...CREATE, ...named, TemplateBody: sid('Set') }));
    const describe = () => cloudformation.send(new DescribeChangeSetCommand(named));
    expect(await describe()).toMatchObject({ Status: 'CREATE_IN_PROGRESS', ExecutionStatus: 'UNAVAILABLE' });
    expect((await refusal(cloudformation.send(new ExecuteChangeSetCommand(named)))).name).toBe(
      'InvalidChangeSetStatusException',
    );
    wait();
    expect(await describe()).toMatchObject({
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Changes: [{ ResourceChange: { Action: 'Modify', LogicalResourceId: 'Role1' } }],
    });
    const { Summaries } = await cloudformation.send(new ListChangeSetsCommand({ StackName: 's' }));
    expect(Summaries?.map(each => each.ChangeSetName)).toEqual(['next']);
    await cloudformation.send(new ExecuteChangeSetCommand(named));
    wait();
    expect(await status()).toBe('UPDATE_COMPLETE');
    expect(stackRole()?.trustPolicy).toContain('"Sid":"Set"');
    const same = { ...CREATE, StackName: 's', ChangeSetName: 'same', TemplateBody: sid('Set') };
    await cloudformation.send(new CreateChangeSetCommand(same));
    wait();
    expect(
      await cloudformation.send(new DescribeChangeSetCommand({ StackName: 's', ChangeSetName: 'same' })),
    ).toMatchObject({
      Status: 'FAILED',
      StatusReason: expect.stringContaining("didn't contain changes"),
    });
    await cloudformation.send(new DeleteChangeSetCommand({ StackName: 's', ChangeSetName: 'same' }));
    expect(
      await refusal(cloudformation.send(new DescribeChangeSetCommand({ StackName: 's', ChangeSetName: 'same' }))),
    ).toMatchObject({ name: 'ChangeSetNotFoundException', status: 404 });
  });

  it('can begin with a change set', async () => {
    const { cloudformation, wait, status } = stage();
    const named = { StackName: 's', ChangeSetName: 'first' };
    await cloudformation.send(new CreateChangeSetCommand({ ...CREATE, ...named, ChangeSetType: 'CREATE' }));
    wait();
    expect(await status()).toBe('REVIEW_IN_PROGRESS');
    await cloudformation.send(new ExecuteChangeSetCommand(named));
    wait();
    expect(await status()).toBe('CREATE_COMPLETE');
  });
});

describe('deleting', () => {
  it('waits for termination protection to be lifted, and keeps the stack under its id', async () => {
    const { cloudformation, wait, status, stackRole } = stage();
    const { StackId } = await cloudformation.send(
      new CreateStackCommand({ ...CREATE, EnableTerminationProtection: true }),
    );
    wait();
    expect((await refusal(cloudformation.send(new DeleteStackCommand({ StackName: 's' })))).message).toBe(
      'Stack [s] cannot be deleted while TerminationProtection is enabled',
    );
    await cloudformation.send(
      new UpdateTerminationProtectionCommand({ StackName: 's', EnableTerminationProtection: false }),
    );
    await cloudformation.send(new DeleteStackCommand({ StackName: 's' }));
    expect(await status()).toBe('DELETE_IN_PROGRESS');
    wait();
    expect(await refusal(status())).toEqual({
      name: 'ValidationError',
      status: 400,
      message: 'Stack with id s does not exist',
    });
    expect(await status(StackId)).toBe('DELETE_COMPLETE');
    expect(stackRole()).toBeUndefined();
    await cloudformation.send(new DeleteStackCommand({ StackName: 's' }));
    const { StackSummaries } = await cloudformation.send(new ListStacksCommand({}));
    expect(StackSummaries?.map(each => each.StackStatus)).toEqual(['DELETE_COMPLETE']);
  });

  it('fails on what others put on the role', async () => {
    const { cloudformation, wait, status, stackRole } = stage();
    await cloudformation.send(new CreateStackCommand(CREATE));
    wait();
    stackRole()?.attachedPolicies.add('arn:aws:iam::aws:policy/Other');
    await cloudformation.send(new DeleteStackCommand({ StackName: 's' }));
    wait();
    expect(await status()).toBe('DELETE_FAILED');
    await cloudformation.send(new DeleteStackCommand({ StackName: 's', RetainResources: ['Role1'] }));
    wait();
    expect(stackRole()).toBeDefined();
    expect((await refusal(status())).message).toBe('Stack with id s does not exist');
  });
});

describe('finding', () => {
  it('sums up templates', async () => {
    const { cloudformation } = stage();
    const Parameters = { P: { Type: 'String', Default: 'x' } };
    const TemplateBody = template({ RoleName: 'r' }, { Parameters });
    expect(await cloudformation.send(new GetTemplateSummaryCommand({ TemplateBody }))).toMatchObject({
      Description: 'a role',
      Parameters: [{ ParameterKey: 'P', ParameterType: 'String', DefaultValue: 'x' }],
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      ResourceTypes: ['AWS::IAM::Policy', 'AWS::IAM::Role'],
    });
  });

  it('comes in pages, newest first, of one region', async () => {
    const { cloudformation, world, account } = stage();
    for (let index = 0; index < 130; index++) {
      addStack(world, account, {
        name: `s-${index}`,
        region: index < 125 ? 'eu-west-1' : 'us-east-1',
        template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
        createdAt: world.now - 1000 + index,
      });
    }
    const names: string[] = [];
    for await (const page of paginateDescribeStacks({ client: cloudformation }, {})) {
      names.push(...(page.Stacks ?? []).map(each => each.StackName ?? ''));
    }
    expect(names).toHaveLength(125);
    expect(names.slice(0, 2)).toEqual(['s-124', 's-123']);
    const { StackSummaries, NextToken } = await cloudformation.send(
      new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }),
    );
    expect(StackSummaries).toHaveLength(100);
    expect(NextToken).toBeTruthy();
    expect(
      (await cloudformation.send(new ListStacksCommand({ StackStatusFilter: ['UPDATE_COMPLETE'] }))).StackSummaries ??
        [],
    ).toEqual([]);
    expect(await refusal(cloudformation.send(new ListStacksCommand({ NextToken })))).toMatchObject({
      name: 'ValidationError',
    });
  });

  it('goes from a role to its stack', async () => {
    const { cloudformation, world, account } = stage();
    const stack = addStack(world, account, { name: 'owner', region: 'eu-west-1', template: template() });
    const PhysicalResourceId = stack.resources.get('Role1')?.physicalId;
    const found = await cloudformation.send(new DescribeStackResourcesCommand({ PhysicalResourceId }));
    expect(found.StackResources?.map(each => [each.StackName, each.LogicalResourceId, each.ResourceType])).toEqual([
      ['owner', 'Role1', 'AWS::IAM::Role'],
      ['owner', 'Policy1', 'AWS::IAM::Policy'],
    ]);
    expect(
      await refusal(cloudformation.send(new DescribeStackResourcesCommand({ PhysicalResourceId: 'api' }))),
    ).toMatchObject({
      name: 'ValidationError',
      message: 'Stack for api does not exist',
    });
  });

  it('tells events in pages, newest first', async () => {
    const { cloudformation, world, account } = stage();
    const Resources = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`T${index}`, { Type: 'AWS::SNS::Topic' }]),
    );
    addStack(world, account, { name: 'big', region: 'eu-west-1', template: { Resources } });
    const first = await cloudformation.send(new DescribeStackEventsCommand({ StackName: 'big' }));
    const second = await cloudformation.send(
      new DescribeStackEventsCommand({ StackName: 'big', NextToken: first.NextToken }),
    );
    expect(first.StackEvents).toHaveLength(100);
    expect(second.StackEvents).toHaveLength(52);
    expect(first.StackEvents?.[0]).toMatchObject({ LogicalResourceId: 'big', ResourceStatus: 'CREATE_COMPLETE' });
    expect(second.StackEvents?.at(-1)).toMatchObject({
      LogicalResourceId: 'big',
      ResourceStatus: 'CREATE_IN_PROGRESS',
    });
  });
});
