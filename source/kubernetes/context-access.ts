import { readFile } from 'node:fs/promises';
import { plainText } from '../identity/plain-text.ts';
import type { Clock } from '../run/clock.ts';
import { PortError } from '../run/ports.ts';
import { type Credential, type CredentialSource, cachedCredential, fixedCredential } from './credential.ts';
import { runPlugin } from './exec-plugin.ts';
import type { KubeContext, KubeUser, Material } from './kubeconfig-model.ts';
import type { ServerAddress } from './transport.ts';

/** A credential is replaced this long before it expires. */
export const credentialSkew = 60_000;

/** Files with tokens and certificates are rotated under us; client-go reads them again as often. */
const fileMilliseconds = 60_000;

/** How to reach a context's server, and who to be there. Throws `PortError` for files that cannot be read. */
export async function accessOfContext(
  context: KubeContext,
  clock: Clock,
): Promise<{ readonly address: ServerAddress; readonly credentials: CredentialSource }> {
  const { cluster, user } = context;
  if (user.unsupported !== undefined) {
    throw new PortError({
      kind: 'invalid',
      message: plainText(`The context "${context.name}" cannot be used: ${user.unsupported}.`),
    });
  }
  const ca = cluster.ca === undefined ? undefined : await contents(cluster.ca);
  const address: ServerAddress = {
    server: cluster.server,
    insecure: cluster.insecure,
    ...(ca === undefined ? {} : { ca: [ca] }),
    ...(cluster.serverName === undefined ? {} : { serverName: cluster.serverName }),
    ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
  };
  const { exec } = user;
  if (exec === undefined) return { address, credentials: credentialsOfEntry(user, clock) };
  const run = { plugin: exec, context: context.name, cluster, clock, ...(ca === undefined ? {} : { ca }) };
  const credentials = cachedCredential(async () => ({ ...impersonation(user), ...(await runPlugin(run)) }), {
    clock,
    skew: credentialSkew,
  });
  return { address, credentials };
}

function credentialsOfEntry(user: KubeUser, clock: Clock): CredentialSource {
  const { token, tokenFile, certificate, key } = user;
  const basic = token === undefined && tokenFile === undefined ? user.basic : undefined;
  const inline: Credential = {
    ...impersonation(user),
    ...(token === undefined ? {} : { token }),
    ...(basic === undefined ? {} : { basic }),
    ...(certificate !== undefined && 'pem' in certificate ? { certificate: certificate.pem } : {}),
    ...(key !== undefined && 'pem' in key ? { key: key.pem } : {}),
  };
  const inFiles = tokenFile !== undefined || [certificate, key].some(each => each !== undefined && 'file' in each);
  if (!inFiles) return fixedCredential(inline);
  const read = async (): Promise<Credential> => ({
    ...inline,
    ...(tokenFile === undefined ? {} : { token: (await contents({ file: tokenFile })).trim() }),
    ...(certificate === undefined ? {} : { certificate: await contents(certificate) }),
    ...(key === undefined ? {} : { key: await contents(key) }),
    expiresAt: clock.now() + fileMilliseconds,
  });
  return cachedCredential(read, { clock, skew: 0 });
}

const impersonation = ({ impersonate }: KubeUser): Pick<Credential, 'impersonate'> =>
  impersonate === undefined ? {} : { impersonate };

async function contents(material: Material): Promise<string> {
  if ('pem' in material) return material.pem;
  try {
    return await readFile(material.file, 'utf8');
  } catch (cause) {
    const message = `The kubeconfig names the file ${plainText(material.file)}, which cannot be read.`;
    throw new PortError({ kind: 'no-credentials', message }, { cause });
  }
}
