import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { associationJson, inOrder } from '../../source/commands/get/association-json.ts';
import { associationTable } from '../../source/commands/get/association-table.ts';
import { readAll, readCluster } from '../../source/commands/get/read.ts';
import { jsonText } from '../../source/commands/json-text.ts';
import { yamlText } from '../../source/commands/yaml-text.ts';
import type { Association } from '../../source/identity/facts.ts';
import type { World, WorldSession } from '../../source/read/world.ts';
import type { EksPort } from '../../source/run/ports.ts';
import { FakeClock } from '../aws/fake-clock.ts';
import { association, cluster, failing, fakePorts, pagesOf, problem } from '../read/fake-ports.ts';

const clock = new FakeClock();
const settings = { clock, filter: {}, signal: new AbortController().signal };

/** Clusters of one region, by name; a cluster that is a failure cannot be listed. */
function session(region: string, clusters: Readonly<Record<string, readonly Association[] | 'denied'>>): WorldSession {
  const eks: Partial<EksPort> = {
    listClusters: () => pagesOf(Object.keys(clusters)),
    listAssociations: name => {
      const found = clusters[name];
      if (found === undefined) return failing('not-found');
      return found === 'denied' ? failing('denied') : pagesOf(found.slice(0, 1), found.slice(1));
    },
    describeAssociation: async (name, id) => {
      const found = clusters[name];
      const one = Array.isArray(found) ? found.find(each => each.id === id) : undefined;
      if (!one || one.serviceAccount === 'gone') throw problem('not-found');
      if (one.serviceAccount === 'secret') throw problem('denied', 'You may not.');
      return one;
    },
  };
  return { id: region, region, known: () => ({}), ...fakePorts({ eks }) };
}

const worldOf = (...sessions: readonly WorldSession[]): World => ({
  sessions,
  findCluster: async name => {
    const found = sessions.find(each => each.region === 'eu-west-1');
    if (name !== 'prod' || !found) throw problem('not-found', `There is no cluster named "${name}".`);
    return cluster;
  },
  portsFor: async ref => sessions.find(({ region }) => region === ref.region) ?? sessions[0]!,
  kubernetesFor: () => undefined,
  limiterStates: () => new Map(),
  close: () => {},
});

const prod = [association('a-2', 'web'), association('a-1', 'api')];

describe('one cluster', () => {
  test('is listed where there is but one region, without asking for the cluster first', async () => {
    const world = { ...worldOf(session('eu-west-1', { prod })), findCluster: () => Promise.reject(new Error('asked')) };
    const { rows, failures } = await readCluster(world, 'prod', settings);
    expect(inOrder(rows).map(({ serviceAccount }) => serviceAccount)).toEqual(['api', 'web']);
    expect(failures).toEqual([]);
  });

  test('is looked for where there are several', async () => {
    const world = worldOf(session('us-east-1', {}), session('eu-west-1', { prod }));
    expect((await readCluster(world, 'prod', settings)).rows).toHaveLength(2);
  });

  test('that is not there is named as the looking tells it', async () => {
    const world = worldOf(session('eu-west-1', { prod }));
    await expect(readCluster(world, 'prd', settings)).rejects.toThrow('There is no cluster named "prd".');
  });

  test('an association that was deleted meanwhile, or may not be described, keeps nobody else back', async () => {
    const odd = [...prod, association('a-3', 'gone'), association('a-4', 'secret')];
    const found = await readCluster(worldOf(session('eu-west-1', { prod: odd })), 'prod', settings);
    expect(found.rows).toHaveLength(2);
    expect(found.gone).toEqual(['shop/gone']);
    expect(found.failures).toMatchObject([{ what: 'shop/secret', failure: { kind: 'denied' } }]);
    expect(found.complete).toBe(0);
  });
});

test('all clusters: each row says where, one that cannot be read is named', async () => {
  const world = worldOf(session('us-east-1', { locked: 'denied' }), session('eu-west-1', { prod, idle: [] }));
  const { rows, failures, complete } = await readAll(world, settings);
  expect(rows).toMatchObject(prod.map(() => ({ account: '111122223333', region: 'eu-west-1', clusterName: 'prod' })));
  expect(failures.map(({ what }) => what)).toEqual(['cluster locked in us-east-1']);
  expect(complete).toBe(2);
});

test('a cluster that two profiles see comes once', async () => {
  const world = worldOf(session('eu-west-1', { prod }), session('eu-west-1', { prod }));
  expect((await readAll(world, settings)).rows).toHaveLength(2);
});

test('a region whose clusters cannot be listed is named', async () => {
  const closed = session('eu-west-3', {});
  const world = worldOf({ ...closed, eks: { ...closed.eks, listClusters: () => failing('denied') } });
  expect((await readAll(world, settings)).failures).toMatchObject([{ what: 'the clusters of eu-west-3' }]);
});

const full = association('a-9', 'full', {
  ownerArn: 'arn:aws:eks:eu-west-1:111122223333:addon/prod/vpc-cni/1',
  targetRoleArn: 'arn:aws:iam::444455556666:role/target',
  externalId: 'eu-west-1/1/prod/shop/full',
  disableSessionTags: true,
  policy: '{"Version":"2012-10-17",\n "Statement":[]}',
  tags: { team: 'a', 'cost-centre': '7' },
  createdAt: 0,
  modifiedAt: 1_000,
});

describe('what is printed', () => {
  const rows = [associationJson(full, { clusterName: 'prod' }), associationJson(prod[0]!, { clusterName: 'prod' })];

  test('JSON and YAML hold the same and keep to the schema', () => {
    const schema = JSON.parse(readFileSync(new URL('../../docs/associations.schema.json', import.meta.url), 'utf8'));
    const validate = new Ajv2020({ formats: { 'date-time': true } }).compile(schema);
    expect(validate(JSON.parse(jsonText(rows))), JSON.stringify(validate.errors)).toBe(true);
    expect(parse(yamlText(rows))).toEqual(JSON.parse(jsonText(rows)));
    expect(yamlText([])).toBe('[]\n');
  });

  test('text that could drive a terminal is escaped, and none of it is lost', () => {
    const tags = { note: 'red\u001b[31m\u202eback' };
    for (const text of [jsonText(tags), yamlText(tags)]) {
      expect(text).not.toMatch(/[\u001b\u202e]/);
      expect(parse(text)).toEqual(tags);
    }
  });

  test('the table has the columns of eksctl', () => {
    const [headings, first] = associationTable(rows, { wide: false, places: false }).split('\n');
    expect(headings?.split(/ {2,}/)).toEqual([
      'ASSOCIATION ARN',
      'NAMESPACE',
      'SERVICE ACCOUNT NAME',
      'IAM ROLE ARN',
      'OWNER ARN',
    ]);
    expect(first?.split(/ {2,}/)).toEqual([full.arn, 'shop', 'full', full.roleArn, full.ownerArn]);
  });

  test('the wide table has every field, in cells that can be counted', () => {
    const lines = associationTable(rows, { wide: true, places: true }).trimEnd().split('\n');
    const cells = lines.map(line => line.split(/ {2,}/));
    expect(new Set(cells.map(row => row.length))).toEqual(new Set([15]));
    expect(cells[1]).toEqual(
      expect.arrayContaining([
        full.targetRoleArn,
        full.externalId,
        'off',
        'cost-centre=7,team=a',
        '1970-01-01T00:00:00.000Z',
      ]),
    );
  });
});
