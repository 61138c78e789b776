import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finished, prod, staging, start } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podid-apply-'));
});
afterEach(async () => {
  await screen.close();
  rmSync(folder, { recursive: true, force: true });
});

const config = (entries: string, cluster = 'staging-eu-1') => `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: ${cluster}, region: eu-west-1 }
${entries}`;

const good = `iam:
  podIdentityAssociations:
    - namespace: payments
      serviceAccountName: worker
      roleARN: arn:aws:iam::111122223333:role/payments-api
`;

const bad = `iam:
  podIdentityAssociations:
    - namespace: Pay_ments
      serviceAccountName: worker
    - namespace: payments
      serviceAccountName: ledger
      roleARN: not-an-arn
      roleARM: x
`;

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function apply(path: string, options: Parameters<typeof openScreen>[0] = {}): Promise<void> {
  screen = await openScreen(options);
  await screen.press(':');
  screen.send(`apply ${path}`);
  await screen.see('apply /');
  await screen.press('enter');
}

describe('apply from a file', () => {
  it('shows every problem with its place, and reads the file again when told to', async () => {
    const path = write('bad.yaml', config(bad));
    await apply(path);
    await screen.see(/✗ \d problems; nothing was planned/);
    expect(screen.text()).toMatch(/✗ 6:18\s+iam\.podIdentityAssociations\[0\]\.namespace must be/);
    expect(screen.text()).toMatch(/✗ 10:16\s+iam\.podIdentityAssociations\[1\]\.roleARN must be/);
    expect(screen.text()).toMatch(/11:\d+\s+iam\.podIdentityAssociations\[1\]\.roleARM/);
    expect(screen.workbench.planned).toHaveLength(0);
    write('bad.yaml', config(good));
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.see('review: apply');
    await screen.until('it is planned', () => screen.workbench.planned.length === 1);
    expect(screen.workbench.planned[0]).toMatchObject({
      cluster: { arn: staging },
      request: { command: 'apply', prune: false, associations: [{ namespace: 'payments', serviceAccount: 'worker' }] },
    });
  });

  it('names a file that cannot be read, and a cluster that is not in scope', async () => {
    await apply(join(folder, 'none.yaml'));
    await screen.see('there is no such file');
    await screen.press('esc', ':');
    screen.send(`apply ${write('else.yaml', config(good, 'elsewhere'))}`);
    await screen.see('else.yaml');
    await screen.press('enter');
    await screen.see('no cluster elsewhere in eu-west-1 is in scope');
    expect(screen.workbench.planned).toHaveLength(0);
  });

  it('prunes only when that is turned on, and then wants the name of the cluster typed', async () => {
    await apply(write('good.yaml', config(good)));
    await screen.see('<ctrl-p> prune off');
    expect(screen.text()).not.toContain('to confirm');
    await screen.press('ctrl-p');
    await screen.see('<ctrl-p> prune on');
    await screen.see('Type  staging-eu-1  to confirm');
    await screen.until('it is planned again', () => screen.workbench.planned.length === 2);
    expect(screen.workbench.planned.map(({ request }) => 'prune' in request && request.prune)).toEqual([false, true]);
    await screen.press('ctrl-p');
    await screen.see('<ctrl-p> prune off');
    await screen.lose('to confirm');
  });

  it('refuses to prune by a file without a list', async () => {
    await apply(write('addons.yaml', config('addons:\n  - name: eks-pod-identity-agent\n')));
    await screen.see('review: apply');
    await screen.press('ctrl-p');
    await screen.see('no list iam.podIdentityAssociations');
    expect(screen.workbench.planned).toHaveLength(1);
  });

  it('carries the plan out, and leaves a draft of the form alone', async () => {
    screen = await openScreen();
    await screen.press('G', 'enter', 'j', 'n');
    await screen.see('new association');
    screen.send('kept-worker');
    await screen.press('tab', 'esc');
    await screen.see('draft kept');
    const path = write('good.yaml', config(good));
    const { planner } = screen.workbench;
    screen.workbench.planner = (cluster, request) =>
      planner(cluster, request.command === 'apply' ? { ...request, command: 'create' } : request);
    await screen.press(':');
    screen.send(`apply ${path}`);
    await screen.see('good.yaml');
    await screen.press('enter');
    await screen.see('2 calls, in this order');
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.until('the run began', () => screen.workbench.runs.length === 1);
    screen.workbench.push(
      { type: 'done', at: start, id: 'trust', outcome: 'done', outputs: {} },
      { type: 'done', at: start, id: 'create', outcome: 'done', outputs: {} },
      finished(2),
    );
    await screen.see('✓ ');
    await screen.lose('review: apply');
    await screen.press(...':new', 'enter');
    await screen.see('kept-worker');
  });

  it('completes a path with tab', async () => {
    write('cluster-config.yaml', config(good));
    screen = await openScreen();
    await screen.press(':');
    screen.send(`apply ${folder}/clu`);
    await screen.see('/clu');
    await screen.press('tab');
    await screen.see('cluster-config.yaml');
  });

  it('is not for a sitting that may change nothing', async () => {
    await apply(write('good.yaml', config(good, 'prod-eu-1')), { app: { readOnly: true } });
    await screen.see('read-only');
    expect(screen.workbench.planned).toHaveLength(0);
    expect(screen.text()).not.toContain(prod);
  });
});
