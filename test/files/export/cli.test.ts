import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { exportCli } from '../../../source/files/export/cli.ts';
import type { ExportAssociation } from '../../../source/files/export/model.ts';
import { addons, associations, cluster, roleArn } from './facts.ts';

/** Runs the script in a shell where `aws` only tells its words. */
function commands(script: string): readonly (readonly string[])[] {
  const told = execFileSync('sh', ['-c', `aws() { printf '%s\\0' "$@" END; }\n${script}`], { encoding: 'utf8' });
  return told
    .split('\0END\0')
    .filter(line => line !== '')
    .map(line => line.split('\0'));
}

function flagsOf(words: readonly string[]): Readonly<Record<string, string | true>> {
  const pairs = words.slice(2).flatMap((word, index, rest) => {
    if (!word.startsWith('--')) return [];
    const next = rest[index + 1];
    return [[word.slice(2), next === undefined || next.startsWith('--') ? true : next] as const];
  });
  return Object.fromEntries(pairs);
}

describe('AWS CLI commands of what is there', () => {
  const all = commands(exportCli(cluster, associations, addons));

  it('create each association, in order', () => {
    const created = all.filter(words => words[1] === 'create-pod-identity-association').map(flagsOf);
    expect(created.map(flags => `${flags.namespace}/${flags['service-account']}`)).toEqual([
      '0/api',
      'web/front.end',
      'web/front_end',
      'web/front_end_2',
    ]);
    const source = associations[0] as ExportAssociation;
    expect(created[1]).toEqual({
      'cluster-name': 'production',
      namespace: 'web',
      'service-account': 'front.end',
      'role-arn': source.roleArn,
      'target-role-arn': source.targetRoleArn,
      'disable-session-tags': true,
      policy: source.policy,
      tags: JSON.stringify({ a: '', b: '"quoted"', team: source.tags.team }),
      region: 'us-west-2',
    });
    expect(Object.keys(created[0] ?? {})).toEqual([
      'cluster-name',
      'namespace',
      'service-account',
      'role-arn',
      'region',
    ]);
  });

  it('set what add-ons own through the add-on', () => {
    expect(all.filter(words => words[1] === 'update-addon').map(flagsOf)).toEqual([
      {
        'cluster-name': 'production',
        'addon-name': 'aws-ebs-csi-driver',
        'pod-identity-associations': JSON.stringify([{ serviceAccount: 'ebs', roleArn: roleArn('ebs') }]),
        region: 'us-west-2',
      },
      {
        'cluster-name': 'production',
        'addon-name': 'vpc-cni',
        'addon-version': 'v1.19.0-eksbuild.1',
        'pod-identity-associations': JSON.stringify([{ serviceAccount: 'aws-node', roleArn: roleArn('cni') }]),
        region: 'us-west-2',
      },
    ]);
  });

  it('run nothing that a name or a policy holds', () => {
    const hostile = "x'; echo '$(id)`id`\n\"&& rm -rf /";
    const one = { ...(associations[1] as ExportAssociation), serviceAccount: hostile, policy: hostile };
    const flags = flagsOf(commands(exportCli({ ...cluster, name: 'a\necho b' }, [one]))[0] ?? []);
    expect(flags['service-account']).toBe(hostile);
    expect(flags.policy).toBe(hostile);
  });

  it('are none where nothing is there', () => {
    expect(commands(exportCli(cluster, []))).toEqual([]);
  });
});
