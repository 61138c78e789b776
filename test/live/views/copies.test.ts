import { describe, expect, it } from 'vitest';
import type { AgentState, Association, RoleFact } from '../../../source/identity/facts.ts';
import { type Reading, read, unread } from '../../../source/identity/reading.ts';
import type { ClusterRow, LiveModel, RoleRow, ServiceAccountRow } from '../../../source/live/model.ts';
import { compareSubject } from '../../../source/live/views/compare.ts';
import { copiesOf, copySource } from '../../../source/live/views/copies.ts';
import { aCluster, account, anAssociation, aRole, arnOf, roleArn, webTrust } from '../facts.ts';

const other = '444455556666';
const subject = 'payments/api';

type Given = {
  /** Absent: the cluster's own service accounts have none of that name, and there is no association. */
  readonly association?: Partial<Association> & { readonly role: string };
  readonly irsa?: string;
  readonly known?: boolean;
  readonly blind?: boolean;
  readonly inCluster?: boolean;
  readonly account?: string;
  readonly agent?: Reading<AgentState>;
};

const arnIn = (cluster: string, { account: of = account }: Given): string => arnOf(cluster).replace(account, of);

function rowOf(cluster: string, given: Given): ServiceAccountRow {
  const { association, irsa, blind, inCluster = true } = given;
  const arn = arnIn(cluster, given);
  const found = association && anAssociation(cluster, subject, association.role, association);
  return {
    id: `${arn}|${subject}`,
    cluster: arn,
    clusterName: cluster,
    namespace: 'payments',
    name: 'api',
    inCluster,
    ...(irsa === undefined ? {} : { irsaRoleArn: irsa }),
    association: blind ? unread : read(found, 1),
    pods: undefined,
    podsOnIrsa: undefined,
    health: { level: 'ok', code: 'OK', detail: '', more: 0 },
  };
}

function clusterOf(name: string, given: Given): ClusterRow {
  const { account: of = account, blind = false, agent = read({ kind: 'auto-mode' }, 1) } = given;
  return {
    id: arnIn(name, given),
    name,
    region: 'eu-west-1',
    account: of,
    cluster: read(aCluster(name), 1),
    agent,
    associations: blind ? undefined : 1,
    serviceAccounts: 1,
    irsa: 0,
    both: 0,
    health: { level: 'ok', code: 'OK', detail: '', more: 0 },
    errors: 0,
    warnings: 0,
  };
}

type World = Readonly<Record<string, Given>>;

/** The copies of what the first cluster has, or of what most have. */
function copied(
  world: World,
  { roles = {}, from }: { readonly roles?: Readonly<Record<string, RoleFact>>; readonly from?: string } = {},
) {
  const given = Object.entries(world);
  const rows = given.flatMap(([name, each]) => (each.known === false ? [] : [rowOf(name, each)]));
  const model: Pick<LiveModel, 'clusters' | 'role' | 'roles'> = {
    clusters: () => given.map(([name, each]) => clusterOf(name, each)),
    role: (_, arn) => (roles[arn] ? read(roles[arn], 1) : unread),
    roles: cluster =>
      Object.keys(roles)
        .filter(arn => arn.includes(cluster.split(':')[4] ?? ''))
        .map(arn => ({ arn, name: arn.slice(arn.lastIndexOf('/') + 1) }) as RoleRow),
  };
  const comparison = compareSubject(rows);
  const source = copySource(comparison, `${arnOf(from ?? given[0]?.[0] ?? '')}|${subject}`);
  return source && copiesOf(model, comparison, source);
}

const api: Given = { association: { role: 'api' } };
const trusted = (name: string): RoleFact => ({ exists: true, role: aRole(name) });
const texts = (copy: { readonly remarks: readonly { readonly text: string }[] } | undefined) =>
  copy?.remarks.map(({ text }) => text) ?? [];

describe('whom the others follow', () => {
  const following = (world: World, from: string) => copied(world, { from })?.from.row.clusterName;

  it('is the association that was asked for, unless most clusters agree on another', () => {
    const us: Given = { association: { role: 'api-us' } };
    expect(following({ a: api, b: api, c: us }, 'b')).toBe('b');
    expect(following({ a: api, b: api, c: us }, 'c')).toBe('a');
    expect(following({ a: api, c: us }, 'c')).toBe('c');
  });

  it('is never one without an association', () => {
    expect(following({ a: { irsa: roleArn('api') }, b: api }, 'a')).toBe('b');
    expect(copied({ a: { irsa: roleArn('api') }, b: {} })).toBeUndefined();
    expect(copied({ a: { blind: true } })).toBeUndefined();
  });
});

describe('where it is copied to', () => {
  it('is every cluster that gives something else, those that know the service account first', () => {
    const found = copied({
      a: api,
      far: { known: false },
      same: api,
      bare: {},
      us: { association: { role: 'api-us' } },
    });
    expect(found?.to.map(({ cluster, how }) => [cluster.name, how])).toEqual([
      ['bare', 'create'],
      ['us', 'set'],
      ['far', 'create'],
    ]);
    expect(found?.to.map(copy => copy.roleArn)).toEqual([roleArn('api'), roleArn('api'), roleArn('api')]);
  });

  it.each([
    ['a target role', { targetRoleArn: roleArn('t') }],
    ['a session policy', { policy: '{}', disableSessionTags: true }],
    ['session tags', { disableSessionTags: true }],
  ])('counts %s as something else', (_, more) => {
    const found = copied({ a: { association: { role: 'api', ...more } }, b: api });
    expect(found?.to.map(({ cluster, how }) => [cluster.name, how])).toEqual([['b', 'set']]);
  });

  it('is told from what was not read, and from what an add-on owns', () => {
    const owned = { association: { role: 'x', ownerArn: 'arn:aws:eks:eu-west-1:111122223333:addon/c/vpc-cni/1' } };
    const found = copied({ a: api, b: { blind: true }, c: owned, d: { known: false, blind: true } });
    expect(found?.to.map(({ cluster, obstacle }) => [cluster.name, obstacle])).toEqual([
      ['b', 'what it gives today has not been read'],
      ['c', 'an add-on owns its association: change it with the add-on'],
      ['d', 'its associations have not been read'],
    ]);
  });
});

describe('the role of a copy', () => {
  it("is the cluster's own where roles are named after their clusters", () => {
    const found = copied({ eu: { association: { role: 'eu-api' } }, us: {} });
    expect(found?.to[0]?.roleArn).toBe(roleArn('us-api'));
  });

  it("is never one of another account, and keeps its path or has that of the account's own", () => {
    const own = `arn:aws:iam::${other}:role/team/api`;
    const from: World = { a: { association: { role: 'api', roleArn: roleArn('apps/api') } }, b: { account: other } };
    const guessed = copied(from)?.to[0];
    expect(guessed?.roleArn).toBe(`arn:aws:iam::${other}:role/apps/api`);
    expect(texts(guessed)).toEqual([
      `EKS takes no role of account ${account} here: the one of ${other} is meant`,
      `whether account ${other} has a role api, and whom it trusts, is read for the review`,
    ]);
    const role = { ...aRole('api'), arn: own };
    expect(copied(from, { roles: { [own]: { exists: true, role } } })?.to[0]?.roleArn).toBe(own);
  });

  it('is left open where a stack made it for one cluster alone', () => {
    const made = 'eksctl-eu-podidentityrole-payments-api-Role1-a1B2c3D4e5F6';
    const [copy] = copied({ eu: { association: { role: made } }, us: {} })?.to ?? [];
    expect(copy?.roleArn).toBeUndefined();
    expect(texts(copy)).toEqual(['a stack made its role for it alone: name one here, or have one made']);
    expect(copied({ eu: { association: { role: 'eu-team-loadbalancer' } }, us: {} })?.to[0]?.roleArn).toBe(
      roleArn('us-team-loadbalancer'),
    );
  });
});

describe('what a copy runs into', () => {
  const remarks = (there: Given, fact?: RoleFact, from: Given = api) =>
    copied({ a: from, b: there }, fact && { roles: { [roleArn('api')]: fact } })?.to[0]?.remarks ?? [];

  it('is nothing where the role is there and trusts Pod Identity', () => {
    expect(remarks({}, trusted('api'))).toEqual([]);
  });

  it('is a role that is not there', () => {
    expect(remarks({}, { exists: false })).toEqual([
      { level: 'error', text: `account ${account} has no role api: make it, or name another` },
    ]);
  });

  it('is a trust policy without Pod Identity, which the plan adds', () => {
    const [trust] = remarks({}, { exists: true, role: aRole('api', webTrust('a', subject)) });
    expect(trust?.level).toBe('error');
    expect(trust?.text).toMatch(/does not trust Pod Identity here.*: a statement is added first$/);
  });

  it('is a trust policy that names the other cluster, which the plan does not widen', () => {
    const narrow = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Condition: { ArnEquals: { 'aws:SourceArn': arnOf('a') } },
        },
      ],
    });
    const [trust] = remarks({}, { exists: true, role: aRole('api', narrow) });
    expect(trust?.level).toBe('error');
    expect(trust?.text).toMatch(/: widen it first$/);
  });

  it('is an annotation that gives it another role, or the same', () => {
    expect(remarks({ irsa: roleArn('old') }, trusted('api'))).toEqual([
      { level: 'warning', text: `by annotation it has ${roleArn('old')}: new pods get the association's instead` },
    ]);
    expect(remarks({ irsa: roleArn('api') }, trusted('api'))[0]?.text).toBe(
      'it has this role by annotation: <m> migrates it in steps',
    );
  });

  it('is a service account that is not there, and an agent that is not', () => {
    expect(remarks({ inCluster: false }, trusted('api'))[0]?.text).toBe(
      'the cluster does not have the service account yet',
    );
    expect(remarks({ known: false }, trusted('api'))[0]?.text).toMatch(/^nothing there knows the service account/);
    expect(remarks({ agent: read({ kind: 'missing' }, 1) }, trusted('api'))[0]).toEqual({
      level: 'error',
      text: 'it has no Pod Identity agent: that comes first',
    });
    expect(remarks({ agent: unread }, trusted('api'))[0]?.level).toBe('unknown');
  });

  it('is a target role that does not know the new external id, and a policy of another account', () => {
    const from: Given = {
      association: { role: 'api', targetRoleArn: roleArn('t'), policy: `"${account}"`, disableSessionTags: true },
    };
    const found = copied({ a: from, b: { account: other } })?.to[0];
    expect(texts(found)).toContain(
      `target role ${roleArn('t')} must let this role in, with an external id that EKS makes anew`,
    );
    expect(texts(found)).toContain(`its session policy names account ${account}: look it over`);
    expect(remarks({}, trusted('api'), from).map(({ text }) => text)).not.toContain(
      `its session policy names account ${account}: look it over`,
    );
  });
});
