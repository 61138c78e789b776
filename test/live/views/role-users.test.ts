import { describe, expect, it } from 'vitest';
import { Store } from '../../../source/live/store/store.ts';
import { roleUsers } from '../../../source/live/views/role-users.ts';
import { Views } from '../../../source/live/views/views.ts';
import { aCluster, anAssociation, aServiceAccount, roleArn } from '../facts.ts';
import { TestClock } from '../test-clock.ts';

/** Clusters one and two, both read, with what a test puts into them. */
function fleet(
  fill: (put: {
    account: (cluster: number, subject: string, role?: string) => void;
    association: (cluster: number, subject: string, role: string, target?: string) => void;
  }) => void,
) {
  const store = new Store(new TestClock());
  const clusters = ['one', 'two'].map(name => ({ name, facts: store.addCluster(aCluster(name)) }));
  fill({
    account: (cluster, subject, role) =>
      void clusters[cluster]?.facts.putServiceAccount(aServiceAccount(subject, role)),
    association: (cluster, subject, role, target) => {
      const at = clusters[cluster];
      if (!at) return;
      const made = anAssociation(at.name, subject, role, target ? { targetRoleArn: roleArn(target) } : {});
      at.facts.putSummary(made);
      at.facts.putAssociation(made, 1);
    },
  });
  for (const { facts } of clusters) {
    facts.serviceAccountsListed(1);
    facts.associationsListed(1);
  }
  store.notifier.flush();
  const views = new Views(store);
  return {
    store,
    model: {
      clusters: () => views.clusters(),
      serviceAccounts: (cluster?: string) =>
        cluster === undefined ? views.serviceAccounts(undefined) : (views.of(cluster)?.serviceAccounts() ?? []),
    },
  };
}

const brief = (found: ReturnType<typeof roleUsers>) =>
  found.map(({ clusterName, users, unread }) => [
    clusterName,
    unread,
    ...users.map(({ namespace, name, by, overruled }) => `${by} ${namespace}/${name}${overruled ? ' overruled' : ''}`),
  ]);

describe('the users of a role', () => {
  it('are found in every cluster, by either way', () => {
    const { model } = fleet(({ account, association }) => {
      account(0, 'a/x', 'shared');
      account(0, 'a/y');
      association(0, 'a/y', 'shared');
      account(1, 'a/z', 'other');
      association(1, 'b/hop', 'first', 'shared');
    });
    expect(brief(roleUsers(model, roleArn('shared')))).toEqual([
      ['one', 0, 'annotation a/x', 'association a/y'],
      ['two', 0, 'target b/hop'],
    ]);
    expect(roleUsers(model, roleArn('nobody'))).toEqual([]);
  });

  it('names an annotation that an association overrules', () => {
    const { model } = fleet(({ account, association }) => {
      account(0, 'a/x', 'shared');
      association(0, 'a/x', 'other');
    });
    expect(brief(roleUsers(model, roleArn('shared')))).toEqual([['one', 0, 'annotation a/x overruled']]);
  });

  it('says where an association was not described: it may be a user', () => {
    const { store, model } = fleet(() => {});
    const [first] = [...store.clusters()];
    first?.putSummary(anAssociation('one', 'a/x', 'shared'));
    store.notifier.flush();
    expect(brief(roleUsers(model, roleArn('shared')))).toEqual([['one', 1]]);
  });
});

describe('the rows of a fleet', () => {
  it('are those of its clusters one after another, the same array until one changes', () => {
    const { store, model } = fleet(({ account }) => {
      account(0, 'a/x');
      account(1, 'a/x');
      account(1, 'b/y');
    });
    const rows = model.serviceAccounts();
    expect(rows.map(row => `${row.clusterName} ${row.namespace}/${row.name}`)).toEqual([
      'one a/x',
      'two a/x',
      'two b/y',
    ]);
    expect(model.serviceAccounts()).toBe(rows);
    [...store.clusters()][1]?.putServiceAccount(aServiceAccount('c/z'));
    store.notifier.flush();
    expect(model.serviceAccounts()).toHaveLength(4);
  });
});
