import { describe, expect, it } from 'vitest';
import type { ConfigMode } from '../../../source/files/cluster-config/model.ts';
import { parseClusterConfig } from '../../../source/files/cluster-config/parse.ts';

const head = 'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: production, region: us-west-2}\n';
const roleArn = 'arn:aws:iam::111122223333:role/one';

function messages(text: string, mode: ConfigMode = 'create', file = 'cluster.yaml'): readonly string[] {
  const result = parseClusterConfig(text, file, { mode });
  return result.ok ? [] : result.errors.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('a ClusterConfig that cannot be read at all', () => {
  it('is called by its name, or standard input', () => {
    expect(messages('', 'create', '-')).toEqual(['1:1 standard input is empty']);
    expect(messages('\ufeff \n', 'get', 'dir/\u001b[31mred.yaml')).toEqual(['1:1 dir/red.yaml is empty']);
  });

  it.each([
    ['lists', '['.repeat(50_000)],
    ['mappings', '{a: '.repeat(20_000)],
    ['blocks', Array.from({ length: 1_200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('is refused when its %s are nested without end', (_, text) => {
    expect(messages(text)).toEqual(['1:1 cluster.yaml is nested too deeply to be read']);
  });

  it('is refused when it is larger than any such file', () => {
    expect(messages(`${head}#${'x'.repeat(2 * 1024 * 1024)}`)).toEqual([
      '1:1 cluster.yaml is too large: a ClusterConfig file has at most 2 MiB',
    ]);
  });

  it('is refused when it is text of another encoding', () => {
    const text = Buffer.from(head, 'utf16le').toString('utf8');
    expect(messages(text)).toEqual([
      '1:1 cluster.yaml is not UTF-8 text: it may be a binary file, or text in another encoding such as UTF-16',
    ]);
  });
});

describe('a ClusterConfig for a purpose', () => {
  const empty = `${head}iam: {podIdentityAssociations: []}\n`;

  it('needs an association where there is nothing to do without', () => {
    const message = ['4:32 iam.podIdentityAssociations must have at least one association'];
    expect(messages(empty, 'create')).toEqual(message);
    expect(messages(empty, 'update')).toEqual(message);
    expect(messages(empty, 'delete')).toEqual(message);
  });

  it('may have an empty list for apply, which tells it from none', () => {
    const withList = parseClusterConfig(empty, 'f', { mode: 'apply' });
    expect(withList).toMatchObject({ ok: true, value: { listsAssociations: true } });
    const agent = parseClusterConfig(`${head}addons: [{name: eks-pod-identity-agent}]`, 'f', { mode: 'apply' });
    expect(agent).toMatchObject({ ok: true, value: { listsAssociations: false } });
    expect(messages(head, 'apply')).toHaveLength(1);
  });

  it('is read for creation where no purpose is given', () => {
    const text = `${head}iam: {podIdentityAssociations: [{namespace: a, serviceAccountName: b, roleARN: "${roleArn}"}]}\n`;
    expect(parseClusterConfig(text, 'f')).toMatchObject({
      ok: true,
      value: { associations: [{ namespace: 'a', serviceAccount: 'b' }], addons: [] },
    });
  });

  it('reads as many associations as a cluster can have', () => {
    const entries = Array.from(
      { length: 5_000 },
      (_, index) =>
        `  - {<<: *all, namespace: team-${index % 50}, serviceAccountName: app-${index}, roleARN: "${roleArn}"}\n`,
    );
    const text = `${head}all: &all {createServiceAccount: true, tags: {team: a}}\niam:\n  podIdentityAssociations:\n${entries.join('')}`;
    const result = parseClusterConfig(text, 'f');
    if (!result.ok) expect.unreachable(result.errors[0]?.message);
    expect(result.value.associations).toHaveLength(5_000);
    expect(result.value.associations[4_999]).toMatchObject({ createServiceAccount: true, tags: { team: 'a' } });
  });
});

describe('a YAML version in the file', () => {
  it('changes neither dates nor words', () => {
    const policy = '{Version: 2012-10-17, Statement: {Effect: Allow, Action: "*", Resource: "*"}}';
    const entry = `{namespace: a, serviceAccountName: b, permissionPolicy: ${policy}}`;
    const text = `%YAML 1.1\n---\n${head}iam: {podIdentityAssociations: [${entry}]}\n`;
    expect(messages(text)).toEqual([]);
  });
});
