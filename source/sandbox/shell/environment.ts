import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { adminToken } from '../cluster/access.ts';
import type { World } from '../model.ts';
import type { SandboxProfile, SandboxReady } from './protocol.ts';

/** The files that clients read, and the variables that point at them. `remove` takes the files away. */
export type ClientSettings = Omit<SandboxReady, 'ready'> & { remove(): void };

/**
 * Writes a kubeconfig and an AWS configuration with one profile per account, each readable by this user only, and
 * tells the environment that goes with them. The first profile is the default one.
 */
export function writeClientSettings(world: World, url: string, profiles: readonly SandboxProfile[]): ClientSettings {
  const directory = mkdtempSync(join(tmpdir(), 'podid-tui-sandbox-'));
  const write = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const main = profiles[0];
  if (!main) throw new Error('a sandbox world has at least one profile');
  const withoutProxy = [process.env.NO_PROXY || process.env.no_proxy, '127.0.0.1', 'localhost']
    .filter(Boolean)
    .join(',');
  const kubeconfig = write('kubeconfig', kubeconfigText(world, main));
  return {
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: main.region,
      // AWS CLI v1 knows only this name.
      AWS_DEFAULT_REGION: main.region,
      AWS_ACCESS_KEY_ID: main.accessKeyId,
      AWS_SECRET_ACCESS_KEY: main.secretAccessKey,
      AWS_CONFIG_FILE: write('config', configText(profiles)),
      AWS_SHARED_CREDENTIALS_FILE: write('credentials', credentialsText(profiles)),
      AWS_EC2_METADATA_DISABLED: 'true',
      KUBECONFIG: kubeconfig,
      // Some clients read the one, some the other.
      NO_PROXY: withoutProxy,
      no_proxy: withoutProxy,
    },
    unset: winners,
    regions: regionsOf(world, main.account),
    kubeconfig,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/**
 * Settings that AWS clients prefer to those above: a profile over keys, a service's own endpoint over the general
 * one (AWS SDKs and Tools Reference Guide, "Service-specific endpoints" and "Settings reference").
 */
const winners = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_ENDPOINT_URL_EKS',
  'AWS_ENDPOINT_URL_IAM',
  'AWS_ENDPOINT_URL_STS',
  'AWS_ENDPOINT_URL_CLOUDFORMATION',
] as const;

function regionsOf(world: World, account: string): string[] {
  const regions = [...world.clusters.values()].filter(each => each.account === account).map(each => each.region);
  return [...new Set(regions)].sort();
}

function configText(profiles: readonly SandboxProfile[]): string {
  const sections = profiles.map((each, index) => {
    const region = `region = ${each.region}\n`;
    return `${index === 0 ? `[default]\n${region}\n` : ''}[profile ${each.name}]\n${region}`;
  });
  return sections.join('\n');
}

function credentialsText(profiles: readonly SandboxProfile[]): string {
  const sections = profiles.map((each, index) => {
    const keys = `aws_access_key_id = ${each.accessKeyId}\naws_secret_access_key = ${each.secretAccessKey}\n`;
    return `${index === 0 ? `[default]\n${keys}\n` : ''}[${each.name}]\n${keys}`;
  });
  return sections.join('\n');
}

/** One context per cluster of every account, named by ARN as `aws eks update-kubeconfig` does; its administrator. */
function kubeconfigText(world: World, main: SandboxProfile): string {
  const clusters = [...world.clusters.values()];
  const first = clusters.find(each => each.account === main.account) ?? clusters[0];
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': first?.arn ?? '',
    clusters: clusters.map(({ arn, endpoint, certificateAuthority }) => ({
      name: arn,
      cluster: { server: endpoint, 'certificate-authority-data': certificateAuthority },
    })),
    contexts: clusters.map(({ arn }) => ({ name: arn, context: { cluster: arn, user: arn } })),
    users: clusters.map(cluster => ({ name: cluster.arn, user: { token: adminToken(cluster) } })),
  });
}
