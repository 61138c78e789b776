/** `podid-tui export` as a user runs it, on the demo's four clusters. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  cleanEnvironment,
  runProgram,
  type SandboxForTest,
  startTestSandbox,
  temporaryHome,
} from '../helpers/program.ts';

const home = temporaryHome();
const folder = mkdtempSync(path.join(os.tmpdir(), 'podid-export-'));
let sandbox: SandboxForTest;

beforeAll(async () => {
  sandbox = await startTestSandbox(['--world', 'demo', '--seed', '1']);
});
afterAll(async () => {
  await sandbox.stop();
  home.remove();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...words: string[]) => runProgram(['export', ...words], cleanEnvironment(home.home, sandbox.environment));

test('a cluster goes to stdout, in the format asked for', async () => {
  const eksctl = await run('--cluster', 'prod-eu-1');
  expect(eksctl.code).toBe(0);
  expect(parse(eksctl.stdout)).toMatchObject({
    kind: 'ClusterConfig',
    metadata: { name: 'prod-eu-1', region: 'eu-west-1' },
  });
  expect((await run('--cluster', 'prod-eu-1', '--to', 'terraform')).stdout).toContain(
    'resource "aws_eks_pod_identity_association" "payments_ledger"',
  );
  expect((await run('--cluster', 'prod-eu-1', '--to', 'cli')).stdout).toMatch(
    /aws eks create-pod-identity-association .*--service-account ledger .*--target-role-arn arn:aws:iam::444455556666/,
  );
});

test('a file that is there is not written over without --force', async () => {
  const file = path.join(folder, 'prod.yaml');
  writeFileSync(file, 'mine');
  const refused = await run('--cluster', 'prod-eu-1', '--out', file);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/prod\.yaml is there already: .*--force/)]);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect((await run('--cluster', 'prod-eu-1', '--out', file, '--force')).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain('kind: ClusterConfig');
});

test('all clusters go to folders of their own; one that cannot be read is named', async () => {
  const all = ['--all', '--region', 'eu-west-1,us-east-1', '--to', 'terraform', '--out', path.join(folder, 'all')];
  expect((await run('--all')).stderr).toMatch(/--all needs --out DIR/);
  const scripted = { operation: 'eks:ListAddons', times: 1, status: 403, code: 'AccessDeniedException' };
  await sandbox.control('faults', { scripted: [scripted] });
  const partly = await run(...all);
  expect([partly.code, partly.stderr]).toEqual([
    3,
    expect.stringMatching(/^2 clusters written\ncluster .* eks:ListAddons/),
  ]);
  expect((await run(...all, '--force')).code).toBe(0);
  for (const place of ['eu-west-1/prod-eu-1', 'eu-west-1/stg-eu-1', 'us-east-1/prod-us-1'])
    expect(existsSync(path.join(folder, 'all', '111122223333', place, 'pod-identity.tf'))).toBe(true);
});
