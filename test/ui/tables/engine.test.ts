import { describe, expect, it } from 'vitest';
import { defaultSort } from '../../../source/ui/state/list.ts';
import { createTables, type Geometry } from '../../../source/ui/tables/engine.ts';
import { accountRow, demoModel, namespaceRow, prod, roleArn, start } from '../fakes.ts';

const context = { now: start };
const geometry: Geometry = { width: 100, wide: false, acrossClusters: false };
const view = { kind: 'associations', cluster: prod } as const;

describe('a table', () => {
  it('tells where in a row its filter is found, in every column or in the one that it names', () => {
    const model = demoModel();
    const engine = createTables(() => start).associations;
    const found = (filter: string) => {
      const { rows } = engine.rowSet(model, view, { filter, sort: defaultSort });
      const [row] = rows;
      if (!row) throw new Error('no row is found');
      const text = engine.text(row, geometry, context);
      return engine.found(row, geometry, context).map(([from, to]) => `${from}:${text.slice(from, to)}`);
    };
    const starts = engine.columns(geometry).map(({ start: at }) => at);
    expect(found('pay ledger')).toEqual([
      `${starts[0]}:pay`,
      `${starts[1]}:ledger`,
      expect.stringMatching(/:pay$/),
      expect.stringMatching(/:ledger$/),
    ]);
    expect(found('sa:ledger')).toEqual([`${starts[1]}:ledger`]);
    expect(found('!checkout sa:ledger')).toEqual([`${starts[1]}:ledger`]);
  });

  it('leaves out columns that are hidden, but never the one that names a row', () => {
    const engine = createTables(() => start).associations;
    const titles = (hidden: readonly string[]) => engine.columns({ ...geometry, hidden }).map(({ title }) => title);
    expect(titles([])).toContain('ROLE');
    expect(titles(['ROLE', 'SERVICE ACCOUNT'])).not.toContain('ROLE');
    expect(titles(['ROLE', 'SERVICE ACCOUNT'])).toContain('SERVICE ACCOUNT');
  });

  it('says in its header how it is sorted and which column is picked, in the same cells', () => {
    const engine = createTables(() => start).associations;
    const plain = engine.header(geometry, defaultSort);
    const sorted = engine.header(geometry, { by: 'ROLE', descending: true }, 'ROLE');
    expect(sorted).toContain('[ROLE]v');
    expect(sorted).toHaveLength(plain.length);
    expect(engine.header(geometry, { by: 'name', descending: false })).toContain('SERVICE ACCOUNT^');
  });

  it('sorts counts as numbers, with what is not known last', () => {
    const model = demoModel();
    const engine = createTables(() => start).associations;
    const pods = (descending: boolean) =>
      engine
        .rowSet(model, view, { filter: '', sort: { by: 'PODS', descending } })
        .rows.map(row => ('pods' in row ? row.pods : undefined));
    model.associationRows = model.associationRows.map((row, index) => ({
      ...row,
      pods: [10, 9, undefined, 100, 1][index % 5],
    }));
    expect(pods(false)).toEqual([1, 9, 10, 100, undefined]);
    expect(pods(true)).toEqual([100, 10, 9, 1, undefined]);
  });

  it('tells roles apart that begin alike, where there is no room for their names', () => {
    const engine = createTables(() => start)['service-accounts'];
    const text = (role: string) =>
      engine.text(accountRow(prod, 'shop', 'api', { irsaRoleArn: roleArn(role) }), geometry, context);
    expect(text('prod-eu-1-external-dns-private')).toContain('~');
    expect(text('prod-eu-1-external-dns-private')).not.toBe(text('prod-eu-1-external-dns-public'));
    expect(text('prod-eu-1-external-dns-private')).toHaveLength(text('short').length);
  });

  it('leaves open what a cluster has that was not read', () => {
    const tables = createTables(() => start);
    const account = accountRow(prod, 'shop', 'api', { inCluster: undefined, pods: undefined });
    const { serviceAccount: _unread, ...unread } = account;
    expect(tables['service-accounts'].text(unread, geometry, context)).toMatch(/shop +api +\? +- +\? +\? /);
    const { namespace: _never, ...named } = namespaceRow(prod, 'shop');
    expect(tables.namespaces.text({ ...named, inCluster: undefined }, geometry, context)).toMatch(/^shop +\? /);
    expect(tables.namespaces.text({ ...named, inCluster: false }, geometry, context)).toMatch(/^shop +\(absent\) /);
  });
});
