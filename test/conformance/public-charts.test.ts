/**
 * Input that nobody here made up: the service accounts of public charts (labels as their templates set them, written
 * down by hand; roles and trust are ours), on a real API server, which the sandbox's EKS gives out as the endpoint of its
 * cluster; an association that AWS CLI made before; then the app and `podid-tui migrate` as built.
 */
import {
  CreatePodIdentityAssociationCommand,
  EKSClient,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClientSettings, writeClientSettings } from '../../source/sandbox/shell/environment.ts';
import { type RunningSandbox, startSandbox } from '../../source/sandbox/shell/server.ts';
import { addAccount, addCaller, addCluster, addRole, createWorld } from '../../source/sandbox/world.ts';
import { profileOf } from '../../source/sandbox/worlds/site.ts';
import { irsaStatement, podsStatement, trust } from '../../source/sandbox/worlds/trust.ts';
import { cleanEnvironment, cli, runProgram, temporaryHome } from '../helpers/program.ts';
import { keys, Terminal } from '../helpers/terminal.ts';
import { findPeer, invokeJson } from './peers.ts';
import { chartAccounts, manifestOf, subjectOf } from './public-charts.ts';
import { type RealServer, realKubeconfig, realServer } from './real-api-server.ts';

const awsCli = await findPeer('PODID_TEST_AWS', 'aws', ['--version']);
const maker = 'command' in awsCli ? 'AWS CLI' : 'the AWS SDK, since AWS CLI is not there';
const clusterName = 'charts';
const region = 'eu-west-1';
const annotation = 'eks.amazonaws.com/role-arn';
const withRoles = chartAccounts.filter(each => each.irsa);
/** Its association is there before we come. */
const moved = withRoles.find(each => each.name === 'external-dns')!;
const roleNameOf = (name: string) => `charts-${name}`;

const kubeconfig = realKubeconfig;
if (kubeconfig === undefined) {
  describe('public charts on a real API server', () => {
    test.skip('skipped: PODID_TEST_KUBECONFIG does not name the kubeconfig of one', () => {});
  });
} else {
  describe('public charts on a real API server', () => charts(kubeconfig));
}

function charts(kubeconfigPath: string): void {
  const home = temporaryHome();
  let real: RealServer;
  let sandbox: RunningSandbox;
  let settings: ClientSettings;

  beforeAll(async () => {
    const world = createWorld({ name: 'charts', seed: 1, now: Date.now() });
    const account = addAccount(world, { id: '111122223333' });
    const caller = addCaller(world, account, { name: 'admin' });
    const cluster = addCluster(world, account, { name: clusterName, region });
    sandbox = await startSandbox({ world });
    settings = writeClientSettings(world, sandbox.url, [profileOf('charts', caller, region)]);

    real = await realServer(kubeconfigPath);
    cluster.endpoint = real.server;
    cluster.certificateAuthority = Buffer.from(real.ca).toString('base64');
    await clean();
    for (const namespace of namespaces)
      await real.api('POST', '/api/v1/namespaces', { metadata: { name: namespace } }).catch(whenThere);
    for (const each of chartAccounts) {
      const role = each.irsa
        ? addRole(world, account, {
            name: roleNameOf(each.name),
            trust: trust(irsaStatement(account, cluster, subjectOf(each)), ...(each === moved ? [podsStatement] : [])),
          })
        : undefined;
      await real.api('POST', `/api/v1/namespaces/${each.namespace}/serviceaccounts`, manifestOf(each, role?.arn));
    }
  });
  afterAll(async () => {
    await clean();
    settings?.remove();
    home.remove();
    await sandbox?.close();
  });

  const namespaces = [...new Set(chartAccounts.map(each => each.namespace))];

  /** Namespaces stay: without controllers nothing would finish deleting them. */
  const clean = () =>
    Promise.all(
      chartAccounts.map(each =>
        real.api('DELETE', `/api/v1/namespaces/${each.namespace}/serviceaccounts/${each.name}`).catch(whenGone),
      ),
    );

  const environment = () => cleanEnvironment(home.home, { ...settings.environment });
  /** Only in the charts' namespaces: other suites may be at work in theirs on the same server. */
  const migrate = (...args: string[]) => {
    const scope = ['--cluster', clusterName, '--namespace', namespaces.join(',')];
    return runProgram(['migrate', ...scope, '--kubeconfig', kubeconfigPath, ...args], environment());
  };

  const accounts = () =>
    Promise.all(
      chartAccounts.map(each => real.api('GET', `/api/v1/namespaces/${each.namespace}/serviceaccounts/${each.name}`)),
    );

  async function associated(): Promise<readonly string[]> {
    const list =
      'command' in awsCli
        ? await invokeJson(
            awsCli.command,
            ['eks', 'list-pod-identity-associations', '--cluster-name', clusterName, '--output', 'json'],
            settings.environment,
          )
        : await sdk(client => client.send(new ListPodIdentityAssociationsCommand({ clusterName })));
    return list.associations
      .map((each: { namespace: string; serviceAccount: string }) => `${each.namespace}/${each.serviceAccount}`)
      .sort();
  }

  async function sdk<T>(call: (client: EKSClient) => Promise<T>): Promise<T> {
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = settings.environment;
    const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
    const client = new EKSClient({ region, endpoint: sandbox.url, credentials });
    try {
      return await call(client);
    } finally {
      client.destroy();
    }
  }

  test(`${maker} makes an association for ${subjectOf(moved)}`, async () => {
    const input = {
      clusterName,
      namespace: moved.namespace,
      serviceAccount: moved.name,
      roleArn: `arn:aws:iam::111122223333:role/${roleNameOf(moved.name)}`,
    };
    if ('command' in awsCli) {
      const flags = ['--cluster-name', clusterName, '--namespace', input.namespace];
      const rest = ['--service-account', input.serviceAccount, '--role-arn', input.roleArn, '--output', 'json'];
      await invokeJson(
        awsCli.command,
        ['eks', 'create-pod-identity-association', ...flags, ...rest],
        settings.environment,
      );
    } else {
      await sdk(client => client.send(new CreatePodIdentityAssociationCommand(input)));
    }
    expect(await associated()).toEqual([subjectOf(moved)]);
  });

  test('migrate sees every service account with a role, and no other', async () => {
    const { code, stdout, stderr } = await migrate();
    expect(stderr).toBe('');
    for (const each of withRoles.filter(one => one !== moved)) {
      expect(stdout).toContain(`create pod identity association for service account "${subjectOf(each)}"`);
      expect(stdout).toContain(`update trust policy for unowned role "${roleNameOf(each.name)}"`);
    }
    for (const each of chartAccounts.filter(one => !one.irsa || one === moved)) {
      expect(stdout).not.toContain(`association for service account "${subjectOf(each)}"`);
    }
    expect(stdout).toMatch(new RegExp(`already as wanted \\(1\\):\\n +- ${subjectOf(moved)}: `));
    expect(code).toBe(0);
  });

  test('the app shows them, and moves one from its migration screen', async () => {
    const [one] = withRoles.filter(each => each !== moved);
    if (!one) throw new Error('no chart has a role');
    const terminal = new Terminal(process.execPath, [cli, '--kubeconfig', kubeconfigPath, '--region', region], {
      environment: environment(),
    });
    try {
      await terminal.until(new RegExp(`▌ +${clusterName} `));
      await terminal.press('s', 'serviceaccounts(charts');
      await terminal.press('/', text => /^ \//m.test(text.split('\n').at(-1) ?? ''));
      terminal.send(one.name);
      await terminal.until(new RegExp(`▌ +${one.namespace} +${one.name.slice(0, 12)}.* irsa`));
      terminal.send(keys.enter);
      await terminal.until(text => text.split('\n').at(-1) === '');
      await terminal.press('m', /[1-9]\d* steps:/);
      await terminal.press('a', '[ Cancel ]');
      await terminal.press(keys.tab, '[ Approve ]');
      await terminal.press(keys.enter, /RUNNING|FINISHED/);
      await terminal.until('FINISHED');
      expect(terminal.text()).toMatch(/\d+ done, 0 failed/);
    } finally {
      await terminal.close();
    }
    expect(await associated()).toEqual([subjectOf(one), subjectOf(moved)].sort());
  });

  test('migrate --approve moves them, and leaves the objects of the charts as they are', async () => {
    const before = await accounts();
    const { code, stdout } = await migrate('--approve');
    expect(stdout).toContain('all tasks were completed successfully');
    expect(code).toBe(0);
    expect(await associated()).toEqual(withRoles.map(subjectOf).sort());
    expect(await accounts()).toEqual(before);
    expect(before.map(each => (each as { metadata: { annotations: object } }).metadata.annotations)).toSatisfy(
      (all: readonly object[]) => all.filter(each => annotation in each).length === withRoles.length,
    );
  });

  test('a second migrate finds nothing to do', async () => {
    const { code, stdout } = await migrate();
    expect(stdout).toContain('no service accounts or addons to migrate to pod identity');
    expect(code).toBe(0);
  });
}

const whenGone = (error: Error) => {
  if (!error.message.includes('answered 404')) throw error;
};

const whenThere = (error: Error) => {
  if (!error.message.includes('answered 409')) throw error;
};
