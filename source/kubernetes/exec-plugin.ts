import { type ChildProcess, spawn } from 'node:child_process';
import { plainText } from '../identity/plain-text.ts';
import type { Clock } from '../run/clock.ts';
import { PortError } from '../run/ports.ts';
import type { Credential } from './credential.ts';
import type { ExecPlugin, KubeCluster } from './kubeconfig-model.ts';
import { objectOf, textOf, timeOf } from './wire.ts';

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** `aws eks get-token` takes a second; nothing that answers by itself takes this long. */
const pluginMilliseconds = 60_000;

const outputBytes = 1024 * 1024;

/** Which plugin of which context is run, for sentences, and what it may be told of the cluster. */
export type PluginRun = {
  readonly plugin: ExecPlugin;
  readonly context: string;
  readonly cluster: KubeCluster;
  /** PEM, when the cluster names a CA. */
  readonly ca?: string;
  readonly clock: Clock;
};

/**
 * Asks an exec plugin for a credential (Kubernetes docs, "client-go credential plugins"; v1 and v1beta1). The plugin
 * gets no terminal: one that must talk to the user is refused with a sentence. Throws `PortError` (`no-credentials`).
 */
export async function runPlugin(run: PluginRun): Promise<Credential> {
  const { plugin } = run;
  const fail = failer(run);
  if (!versions.includes(plugin.apiVersion)) {
    return fail(`its apiVersion "${plugin.apiVersion}" is not one of ${versions.join(', ')}`);
  }
  if (plugin.interactiveMode === 'Always')
    return fail('it has to ask you something: log in with it first, or use a token');
  return credentialOf(await outputOf(run, fail), plugin.apiVersion, fail);
}

type Fail = (why: string, cause?: unknown) => never;

const failer =
  ({ plugin, context }: PluginRun): Fail =>
  (why, cause) => {
    const message = `The context "${context}" gets its credentials from "${plugin.command}", and that failed: ${why}.`;
    throw new PortError({ kind: 'no-credentials', message: plainText(message, 600) }, { cause });
  };

/** What the plugin is told through KUBERNETES_EXEC_INFO. */
function execInfo({ plugin, cluster, ca }: PluginRun): string {
  const about = {
    server: cluster.server,
    ...(cluster.serverName === undefined ? {} : { 'tls-server-name': cluster.serverName }),
    ...(cluster.insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.execConfig === undefined ? {} : { config: cluster.execConfig }),
  };
  const spec = { interactive: false, ...(plugin.provideClusterInfo ? { cluster: about } : {}) };
  return JSON.stringify({ apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec });
}

async function outputOf(run: PluginRun, fail: Fail): Promise<string> {
  const { plugin, clock } = run;
  const child = spawn(plugin.command, [...plugin.args], {
    env: { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: execInfo(run) },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const timer = new AbortController();
  const tooLate = clock.sleep(pluginMilliseconds, timer.signal).then(
    () => true,
    () => false,
  );
  const ended = endOf(child);
  ended.catch(() => undefined);
  const late = await Promise.race([tooLate, ended.then(() => false).catch(() => false)]);
  timer.abort();
  if (late) {
    child.kill('SIGKILL');
    return fail(`it did not finish within ${pluginMilliseconds / 1000} s (does it wait for a login?)`);
  }
  const result = await ended.catch(cause => {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const hint = plugin.installHint === undefined ? '' : `; ${plugin.installHint}`;
    return fail((missing ? 'there is no such command' : 'it could not be started') + hint, cause);
  });
  if (result.code !== 0) {
    const last = result.stderr.trim().split('\n').at(-1) ?? '';
    return fail(`it ended with ${result.code ?? 'a signal'}${last === '' ? '' : `: ${plainText(last, 240)}`}`);
  }
  return result.stdout;
}

function endOf(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < outputBytes) output[name] += text;
      });
    }
    child.on('error', reject);
    child.on('close', code => resolve({ code, ...output }));
  });
}

/** Nothing of the output is quoted: it holds the secret. */
function credentialOf(output: string, apiVersion: string, fail: Fail): Credential {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    return fail('it printed something that is not JSON');
  }
  const { kind, apiVersion: answered, status: wireStatus } = objectOf(answer);
  if (kind !== 'ExecCredential') return fail('it printed something that is not an ExecCredential');
  if (answered !== apiVersion) return fail(`it answered in another version than ${apiVersion}`);
  const status = objectOf(wireStatus);
  const token = textOf(status.token);
  const certificate = textOf(status.clientCertificateData);
  const key = textOf(status.clientKeyData);
  if (token === undefined && (certificate === undefined || key === undefined)) return fail('it gave no credential');
  const expiresAt = timeOf(status.expirationTimestamp);
  return {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
