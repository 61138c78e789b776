/** `podid-tui migrate` as a user runs it, on the world of eksctl's documentation. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  cleanEnvironment,
  runProgram,
  type SandboxForTest,
  startTestSandbox,
  temporaryHome,
} from '../helpers/program.ts';

const owned = 'eksctl-my-cluster-addon-iamserv-Role1-beYhlhzpwQte';
/** The new statement is eksctl's: without conditions. */
const wider = (account: string) =>
  `By web identity the role let in default/${account}; the new statement lets in every service account of any cluster that ` +
  'somebody associates with the role (which takes eks:CreatePodIdentityAssociation and iam:PassRole).';
const home = temporaryHome();
let sandbox: SandboxForTest;

beforeEach(async () => {
  sandbox = await startTestSandbox(['--world', 'docs', '--seed', '1']);
});
afterEach(async () => {
  await sandbox.stop();
});

const migrate = (...args: string[]) =>
  runProgram(['migrate', '--cluster', 'my-cluster', ...args], cleanEnvironment(home.home, { ...sandbox.environment }));

type Counts = Readonly<Record<string, { readonly writes: number }>>;

async function writes(): Promise<Readonly<Record<string, number>>> {
  const { counts } = (await sandbox.control('requests')) as { counts: Counts };
  const written = Object.entries(counts).filter(([, count]) => count.writes > 0);
  return Object.fromEntries(written.map(([operation, count]) => [operation, count.writes]));
}

type OracleRow = {
  readonly serviceAccount: string;
  readonly running: { readonly pods: number; readonly withCredentials: number };
  readonly newPod: { readonly ok: boolean; readonly mechanism: string; readonly role: string };
};

const oracle = async () => (await sandbox.control('oracle')) as readonly OracleRow[];

describe('the plan', () => {
  test('reads like the documentation and writes nothing', async () => {
    const { code, stdout } = await migrate();
    expect(
      stdout,
    ).toBe(`(plan) would migrate 2 service account(s) and 0 addon(s) to pod identity by executing the following tasks

3 sequential tasks: {
    install eks-pod-identity-agent addon,
    2 parallel sub-tasks: {
        update trust policy for owned role "${owned}",
        update trust policy for unowned role "Unowned-Role1",
    },
    2 parallel sub-tasks: {
        create pod identity association for service account "default/sa1",
        create pod identity association for service account "default/sa2",
    },
}

checked before:
    - agent, ok: cluster my-cluster: the eks-pod-identity-agent add-on is installed first and waited for until it is ready on its nodes
    - platform, ok: default/sa1, default/sa2: 2 pods on Linux nodes
    - trust, ok: role Unowned-Role1, role ${owned}: one statement is added (sts:AssumeRole, sts:TagSession for pods.eks.amazonaws.com)
    - session-tags, ok: default/sa1, default/sa2: on: the policies of the role do not allow sts:AssumeRole
    - owner, ok: role ${owned}: changed through stack eksctl-my-cluster-addon-iamserviceaccount-default-sa1, whose template has the trust policy that the role has
    - sdk, unknown: cluster my-cluster: not checked: whether the AWS SDKs in the pods are recent enough to use Pod Identity

notes:
    - Role ${owned}: ${wider('sa1')}
    - Role Unowned-Role1: ${wider('sa2')}
    - 2 pods of default/sa1: Deployment sa1 hold web identity until re-created: --restart-workloads does it in waves.
    - 2 pods of default/sa2: Deployment sa2 hold web identity until re-created: --restart-workloads does it in waves.
    - Annotations and OIDC trust stay. Running pods switch only when they are re-created.

all tasks were skipped
no changes were applied, run again with --approve to apply the changes
`);
    expect(code).toBe(0);
    expect(await writes()).toEqual({});
  });

  test('is one JSON object that fits the published schema', async () => {
    const { code, stdout } = await migrate('-o', 'json');
    const schema = JSON.parse(readFileSync(new URL('../../docs/plan.schema.json', import.meta.url), 'utf8'));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    const answer = JSON.parse(stdout);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
    expect(answer).toMatchObject({ run: null, writes: 0, done: 0, failed: [] });
    expect(code).toBe(0);
  });

  test('takes one service account when asked for one', async () => {
    const { stdout } = await migrate('--namespace', 'default', '--service-account-name', 'sa2');
    expect(stdout).toContain('would migrate 1 service account(s)');
    expect(stdout).not.toContain('sa1');
  });

  test('holds what it may not retire yet, and exits 3', async () => {
    const { code, stdout } = await migrate('--remove-oidc-provider-trust-relationship');
    expect(stdout).toMatch(/held \(4\):/);
    expect(code).toBe(3);
    expect(await writes()).toEqual({});
  });
});

describe('the approved plan', () => {
  test('is carried out, loses nobody, and a second run writes nothing', async () => {
    const first = await migrate('--approve');
    expect(first.stdout).toContain('all tasks were completed successfully');
    expect(first.code).toBe(0);
    expect(await writes()).toEqual({
      'eks:CreateAddon': 1,
      'iam:UpdateAssumeRolePolicy': 1,
      'cloudformation:UpdateStack': 1,
      'eks:CreatePodIdentityAssociation': 2,
    });
    for (const row of await oracle()) {
      expect(row.running.withCredentials).toBe(row.running.pods);
      expect(row.newPod, JSON.stringify(row)).toMatchObject({ ok: true, mechanism: 'pod-identity' });
    }

    const before = await writes();
    const plan = await migrate();
    expect(plan.stdout).toContain('no service accounts or addons to migrate to pod identity');
    expect(plan.code).toBe(0);
    const second = await migrate('--approve');
    expect(second.code).toBe(0);
    expect(await writes()).toEqual(before);
  });

  test('reports a refused call honestly and goes on with the rest', async () => {
    await sandbox.control('faults', {
      scripted: [
        {
          operation: 'iam:UpdateAssumeRolePolicy',
          times: 9,
          status: 403,
          code: 'AccessDenied',
          message: 'User: someone is not authorized to perform: iam:UpdateAssumeRolePolicy',
        },
      ],
    });
    const { code, stdout } = await migrate('--approve');
    expect(code).toBe(3);
    expect(stdout).toMatch(/failed role Unowned-Role1: .*iam:UpdateAssumeRolePolicy/);
    expect(stdout).toMatch(/skipped default\/sa2/);
    expect(stdout).not.toMatch(/skipped default\/sa1|failed default\/sa1/);
    const [sa2] = (await oracle()).filter(row => row.serviceAccount === 'sa2');
    expect(sa2?.newPod).toMatchObject({ ok: true, mechanism: 'irsa' });
  });
});

describe('the later stages', () => {
  const whole = ['--restart-workloads', '--remove-oidc-provider-trust-relationship'];

  test('restart in waves, verify, retire; nobody is without credentials, and nothing of IRSA is left', async () => {
    const { code, stdout, stderr } = await migrate('--approve', ...whole);
    expect(stdout, stderr).toContain('all tasks were completed successfully');
    expect(stdout).toContain(
      'stages: agent (1), then trust (2), then associate (2), then restart (6), then retire (4)',
    );
    expect(code).toBe(0);
    for (const row of await oracle()) {
      expect(row.running.withCredentials).toBe(row.running.pods);
      expect(row.newPod).toMatchObject({ ok: true, mechanism: 'pod-identity' });
      expect(row).not.toHaveProperty('annotationRole');
    }
    const before = await writes();
    const again = await migrate('--approve', ...whole);
    expect(again.stdout).toContain('no service accounts or addons to migrate to pod identity');
    expect(again.code).toBe(0);
    expect(await writes()).toEqual(before);
  });
});

describe('a plan as a file', () => {
  const file = path.join(home.home, 'plan.json');

  test('is written, shown for a pull request, carried out as it is, and stops where the world differs', async () => {
    const plan = await migrate('--out', file, '-o', 'markdown', '--exit-code');
    expect(plan.code).toBe(4);
    expect(plan.stdout).toMatch(/^# Migrate to EKS Pod Identity: my-cluster\n/);
    expect(plan.stderr).toContain(`podid-tui migrate --approve ${file}`);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await writes()).toEqual({});

    const run = (...args: string[]) =>
      runProgram(['migrate', ...args], cleanEnvironment(home.home, { ...sandbox.environment }));
    expect((await run('--approve', file, '--namespace', 'default')).code).toBe(2);
    const first = await run('--approve', file);
    expect(first.stdout).toContain('all tasks were completed successfully');
    expect(first.code).toBe(0);
    const done = await writes();
    // The world is as the plan wants it: found so, not written again.
    expect((await run('--approve', file)).code).toBe(0);
    expect(await writes()).toEqual(done);

    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('Unowned-Role1', 'Unowned-Role2'));
    const tampered = await run('--approve', file);
    expect(tampered.stderr).toContain('its hash does not fit');
    expect(tampered.code).toBe(2);
    expect((await migrate('--exit-code')).code).toBe(0);
  });
});
