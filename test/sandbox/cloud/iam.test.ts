import {
  AttachRolePolicyCommand,
  CreateAccountAliasCommand,
  CreateRoleCommand,
  DeleteAccountAliasCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAccountAliasesCommand,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  paginateListPolicies,
  paginateListRoles,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import {
  addAccount,
  addManagedPolicy,
  addRole,
  podIdentityTrust,
  webIdentityTrust,
} from '../../../source/sandbox/world.ts';
import { refusal } from './clients.ts';
import { START, scene } from './scene.ts';

const TRUST = JSON.stringify(podIdentityTrust());
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

describe('roles', () => {
  it('are created, read and deleted', async () => {
    const { iam } = scene();
    const created = await iam.send(
      new CreateRoleCommand({
        RoleName: 'worker',
        Path: '/apps/',
        AssumeRolePolicyDocument: TRUST,
        Description: 'a <b> & "c"',
        MaxSessionDuration: 7200,
        PermissionsBoundary: READ_ONLY,
        Tags: [{ Key: 'team', Value: 'pay' }],
      }),
    );
    expect(created.Role?.Arn).toBe('arn:aws:iam::111122223333:role/apps/worker');
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'WORKER' }));
    expect(Role).toMatchObject({
      RoleName: 'worker',
      Path: '/apps/',
      Description: 'a <b> & "c"',
      MaxSessionDuration: 7200,
      PermissionsBoundary: { PermissionsBoundaryArn: READ_ONLY },
      Tags: [{ Key: 'team', Value: 'pay' }],
      CreateDate: new Date(START),
    });
    expect(Role?.RoleId).toMatch(/^AROA[A-Z0-9]{17}$/u);
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
    expect(
      await refusal(iam.send(new CreateRoleCommand({ RoleName: 'Worker', AssumeRolePolicyDocument: TRUST }))),
    ).toMatchObject({
      name: 'EntityAlreadyExistsException',
      status: 409,
      message: 'Role with name Worker already exists.',
    });
    await iam.send(new DeleteRoleCommand({ RoleName: 'worker' }));
    expect(await refusal(iam.send(new GetRoleCommand({ RoleName: 'worker' })))).toEqual({
      name: 'NoSuchEntityException',
      status: 404,
      message: 'The role with name worker cannot be found.',
    });
  });

  it('are named as IAM wants', async () => {
    const { iam } = scene();
    const create = (over: object) =>
      refusal(iam.send(new CreateRoleCommand({ RoleName: 'ok', AssumeRolePolicyDocument: TRUST, ...over })));
    for (const wrong of [
      { RoleName: 'a b' },
      { RoleName: 'x'.repeat(65) },
      { Path: 'apps' },
      { MaxSessionDuration: 60 },
    ]) {
      expect(await create(wrong)).toMatchObject({ name: 'ValidationError', status: 400 });
    }
  });

  it('are listed in pages, without tags', async () => {
    const { iam, world, account } = scene();
    for (let index = 0; index < 240; index++) {
      addRole(world, account, { name: `r-${index}`, trust: TRUST, path: index % 2 ? '/odd/' : '/', tags: { a: 'b' } });
    }
    const names: string[] = [];
    for await (const page of paginateListRoles({ client: iam, pageSize: 100 }, {})) {
      expect(page.IsTruncated).toBe(names.length < 200);
      expect(page.Roles?.every(each => each.Tags === undefined)).toBe(true);
      names.push(...(page.Roles ?? []).map(each => each.RoleName ?? ''));
    }
    expect(new Set(names).size).toBe(241);
    const odd = await iam.send(new ListRolesCommand({ PathPrefix: '/odd/', MaxItems: 1000 }));
    expect(odd.Roles).toHaveLength(120);
    expect(await refusal(iam.send(new ListRolesCommand({ Marker: 'nonsense' })))).toMatchObject({
      name: 'ValidationError',
    });
  });

  it('keep their policies', async () => {
    const { iam } = scene();
    const RoleName = 'api';
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    });
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
    expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies).toEqual([
      { PolicyName: 'ReadOnlyAccess', PolicyArn: READ_ONLY },
    ]);
    expect((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['own']);
    const own = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'own' }));
    expect(decodeURIComponent(own.PolicyDocument ?? '')).toBe(PolicyDocument);
    expect(await refusal(iam.send(new DeleteRoleCommand({ RoleName })))).toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must delete policies first.',
    });
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' }));
    expect(await refusal(iam.send(new DeleteRoleCommand({ RoleName })))).toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must detach all policies first.',
    });
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }));
    expect((await refusal(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY })))).name).toBe(
      'NoSuchEntityException',
    );
    expect((await refusal(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'own' })))).name).toBe(
      'NoSuchEntityException',
    );
    expect((await refusal(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'own' })))).name).toBe(
      'NoSuchEntityException',
    );
    expect((await refusal(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'nonsense' })))).name).toBe(
      'InvalidInputException',
    );
    const foreign = 'arn:aws:iam::999988887777:policy/x';
    expect((await refusal(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: foreign })))).name).toBe(
      'NoSuchEntityException',
    );
    expect(
      (await refusal(iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: '{' })))).name,
    ).toBe('MalformedPolicyDocumentException');
    await iam.send(new DeleteRoleCommand({ RoleName }));
  });

  it('keep their tags', async () => {
    const { iam } = scene();
    const RoleName = 'api';
    await iam.send(
      new TagRoleCommand({
        RoleName,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['a'] }));
    expect((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual([{ Key: 'b', Value: '' }]);
    expect((await refusal(iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'aws:a', Value: '1' }] })))).name).toBe(
      'InvalidInputException',
    );
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    expect((await refusal(iam.send(new TagRoleCommand({ RoleName, Tags: many })))).name).toBe('LimitExceededException');
  });

  it('of AWS services are left alone', async () => {
    const { iam, world, account } = scene();
    addRole(world, account, { name: 'AWSServiceRoleForX', trust: TRUST, serviceLinked: true });
    const update = new UpdateAssumeRolePolicyCommand({ RoleName: 'AWSServiceRoleForX', PolicyDocument: TRUST });
    expect(await refusal(iam.send(update))).toMatchObject({ name: 'UnmodifiableEntityException', status: 400 });
  });
});

describe('trust policies', () => {
  const statement = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const document = (over: object, outer: object = {}) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...over }], ...outer });

  it('are replaced as a whole', async () => {
    const { iam, role, cluster, account } = scene();
    const next = JSON.stringify(webIdentityTrust(account, cluster.issuer ?? '', 'payments', 'api'), null, 2);
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'api', PolicyDocument: next }));
    expect(role.trustPolicy).toBe(next);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'api' }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(next);
  });

  it.each([
    ['{', 'This policy contains invalid Json'],
    ['[]', 'Syntax errors in policy.'],
    [document({}, { Version: '2020-01-01' }), 'The policy must contain a valid version string'],
    [document({}, { Extra: 1 }), 'Syntax errors in policy.'],
    [document({ Extra: 1 }), 'Syntax errors in policy.'],
    [document({ Resource: '*' }), 'Has prohibited field Resource'],
    [document({ Effect: undefined }), 'Missing required field Effect'],
    [document({ Effect: 'Maybe' }), 'Invalid effect: Maybe'],
    [document({ Principal: undefined }), 'Missing required field Principal'],
    [document({ Action: undefined }), 'Missing required field Action'],
    [document({ Action: null }), 'Missing required field Action'],
    [document({ Action: 's3:GetObject' }), 'AssumeRole policy may only specify STS AssumeRole actions.'],
    [document({ Condition: { Like: { 'aws:x': 'y' } } }), 'Invalid Condition type : Like.'],
    [
      document({ Principal: { AWS: 'AROAABCDEFGHIJKLMNOPQ' } }),
      'Invalid principal in policy: "AWS":"AROAABCDEFGHIJKLMNOPQ"',
    ],
    [
      document({ Principal: { AWS: 'arn:aws:iam::111122223333:role/gone' } }),
      'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/gone"',
    ],
    [
      document({ Principal: { Service: 'pods.example.com' } }),
      'Invalid principal in policy: "SERVICE":"pods.example.com"',
    ],
    [
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { ...statement, Sid: 'A' },
          { ...statement, Sid: 'A' },
        ],
      }),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
  ])('%s is refused', async (PolicyDocument, message) => {
    const { iam, role } = scene();
    const before = role.trustPolicy;
    expect(await refusal(iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'api', PolicyDocument })))).toEqual({
      name: 'MalformedPolicyDocumentException',
      status: 400,
      message,
    });
    expect(role.trustPolicy).toBe(before);
  });

  it('have at most 2,048 characters, white space not counted', async () => {
    const { iam, role } = scene();
    const base = document({ Sid: '' }).length;
    const fits = document({ Sid: 'x'.repeat(2048 - base) });
    const padded = fits.replace('{', `{${' \n'.repeat(200)}`);
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'api', PolicyDocument: padded }));
    expect(role.trustPolicy).toBe(padded);
    const over = document({ Sid: 'x'.repeat(2049 - base) });
    expect(
      await refusal(iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'api', PolicyDocument: over }))),
    ).toEqual({
      name: 'LimitExceededException',
      status: 409,
      message: 'Cannot exceed quota for ACLSizePerRole: 2048',
    });
  });

  it('name a deleted role by its unique id, which cannot be saved again', async () => {
    const { iam, world, account } = scene();
    const friend = addRole(world, account, { name: 'friend', trust: TRUST });
    await iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'api',
        PolicyDocument: document({ Principal: { AWS: friend.arn } }),
      }),
    );
    await iam.send(new DeleteRoleCommand({ RoleName: 'friend' }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'api' }));
    const PolicyDocument = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    expect(PolicyDocument).toContain(friend.id);
    expect(
      await refusal(iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'api', PolicyDocument }))),
    ).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: `Invalid principal in policy: "AWS":"${friend.id}"`,
    });
  });

  it('are seen late where the world is slow to agree', async () => {
    const { iam, time } = scene({ consistency: 3000 });
    const next = document({ Sid: 'Next' });
    const read = async () =>
      decodeURIComponent(
        (await iam.send(new GetRoleCommand({ RoleName: 'api' }))).Role?.AssumeRolePolicyDocument ?? '',
      );
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'api', PolicyDocument: next }));
    expect(await read()).toBe(TRUST);
    time.now += 3000;
    expect(await read()).toBe(next);
  });
});

describe('OIDC providers', () => {
  it('are listed and read', async () => {
    const { iam, cluster } = scene();
    const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
    expect(OpenIDConnectProviderList).toHaveLength(1);
    const OpenIDConnectProviderArn = OpenIDConnectProviderList?.[0]?.Arn;
    expect(await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).toMatchObject({
      Url: cluster.issuer,
      ClientIDList: ['sts.amazonaws.com'],
    });
    const other = `${OpenIDConnectProviderArn}0`;
    expect(
      await refusal(iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: other }))),
    ).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
  });
});

describe('the alias of an account', () => {
  it('is one at the most, replaced by the next, and nobody else can have it', async () => {
    const { iam, world } = scene();
    const listed = async () => (await iam.send(new ListAccountAliasesCommand({}))).AccountAliases;
    const give = (AccountAlias: string) => iam.send(new CreateAccountAliasCommand({ AccountAlias }));
    expect(await listed()).toEqual([]);
    await give('acme-prod');
    await give('acme-production');
    expect(await listed()).toEqual(['acme-production']);
    addAccount(world, { id: '999988887777', alias: 'taken' });
    expect(await refusal(give('taken'))).toMatchObject({ name: 'EntityAlreadyExistsException', status: 409 });
    for (const alias of ['Acme', 'a--b', '-ab', 'ab'])
      expect(await refusal(give(alias))).toMatchObject({ name: 'ValidationError', status: 400 });
    const take = (AccountAlias: string) => iam.send(new DeleteAccountAliasCommand({ AccountAlias }));
    expect(await refusal(take('acme-prod'))).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
    await take('acme-production');
    expect(await listed()).toEqual([]);
  });
});

describe('managed policies', () => {
  it('are listed by who owns them, page by page, and can be asked for', async () => {
    const { iam, world, account } = scene();
    const own = addManagedPolicy(account, 'team/deploy', { Version: '2012-10-17', Statement: [] });
    addRole(world, account, { name: 'holder', trust: podIdentityTrust(), attached: [READ_ONLY] });
    const { Policies: local } = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
    expect(local?.map(({ Arn }) => Arn)).toEqual([own]);
    const names: string[] = [];
    for await (const page of paginateListPolicies({ client: iam, pageSize: 5 }, { Scope: 'AWS' })) {
      expect(page.Policies?.length).toBeLessThanOrEqual(5);
      names.push(...(page.Policies ?? []).map(({ PolicyName }) => PolicyName ?? ''));
    }
    expect(names).toContain('AmazonS3ReadOnlyAccess');
    expect(names).toContain('AmazonEBSCSIDriverPolicy');
    expect(new Set(names).size).toBe(names.length);
    const { Policies: attached } = await iam.send(new ListPoliciesCommand({ OnlyAttached: true }));
    expect(attached).toMatchObject([{ Arn: READ_ONLY, AttachmentCount: 1, IsAttachable: true }]);
    expect(await refusal(iam.send(new ListPoliciesCommand({ Scope: 'Mine' as never })))).toMatchObject({
      name: 'ValidationError',
    });
  });
});
