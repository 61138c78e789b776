import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { plainText } from '../identity/plain-text.ts';
import type { ClusterRef } from '../identity/scope.ts';
import { PortError } from '../run/ports.ts';
import { type KubeconfigDocument, parseKubeconfig } from './kubeconfig-document.ts';
import type { KubeContext, Kubeconfig } from './kubeconfig-model.ts';

export type KubeconfigLocation = {
  /** `--kubeconfig`: this file and no other. */
  readonly path?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
};

/**
 * Reads the kubeconfig as kubectl finds it: `--kubeconfig`, else the files of KUBECONFIG merged (the first one that
 * names something wins, missing ones do not matter), else ~/.kube/config, which may be missing (Kubernetes docs,
 * "Organizing Cluster Access Using kubeconfig Files"). Throws `PortError` (`invalid`, `not-found`) with path and line.
 */
export async function loadKubeconfig(location: KubeconfigLocation = {}): Promise<Kubeconfig> {
  const { path, env = process.env, home = homedir() } = location;
  if (path !== undefined) return merged([await readDocument(path, 'required')]);
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  const paths = named.length > 0 ? named : [join(home, '.kube', 'config')];
  return merged(await Promise.all(paths.map(each => readDocument(each, 'optional'))));
}

async function readDocument(path: string, need: 'required' | 'optional'): Promise<KubeconfigDocument> {
  let text = '';
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (!missing || need === 'required') {
      const message = `The kubeconfig ${path} ${missing ? 'does not exist' : 'cannot be read'}.`;
      throw new PortError({ kind: missing ? 'not-found' : 'invalid', message }, { cause });
    }
  }
  const folder = dirname(resolve(path));
  return parseKubeconfig(text, path, file => (isAbsolute(file) ? file : resolve(folder, file)));
}

function merged(documents: readonly KubeconfigDocument[]): Kubeconfig {
  const clusters = firstByName(documents.flatMap(document => document.clusters));
  const users = firstByName(documents.flatMap(document => document.users));
  const contexts: KubeContext[] = [];
  const broken = new Map<string, string>();
  for (const { name, cluster: clusterName, user: userName } of firstByName(
    documents.flatMap(document => document.contexts),
  ).values()) {
    const cluster = clusters.get(clusterName);
    const user = userName === '' ? { name: '', user: {} } : users.get(userName);
    if (!cluster) broken.set(name, `it names the cluster "${clusterName}", which the kubeconfig does not have`);
    else if (!user) broken.set(name, `it names the user "${userName}", which the kubeconfig does not have`);
    else contexts.push({ name, cluster: cluster.cluster, user: user.user });
  }
  const currentContext = documents.map(document => document.currentContext).find(Boolean);
  return { contexts, broken, ...(currentContext ? { currentContext } : {}) };
}

function firstByName<T extends { readonly name: string }>(entries: readonly T[]): ReadonlyMap<string, T> {
  const byName = new Map<string, T>();
  for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return byName;
}

/** What a context is matched with: a cluster's ARN and name, and its endpoint where that is known. */
export type ClusterIdentity = Pick<ClusterRef, 'arn' | 'name'> & { readonly endpoint?: string };

/**
 * The context to reach a cluster by: `chosenContext`, whatever it points to (the user named both it and the cluster,
 * e.g. for a tunnel to a private endpoint; throws `invalid` when there is none of that name); else one whose server is
 * the cluster's endpoint; else one that is named by the cluster's ARN, or whose cluster is, as `aws eks
 * update-kubeconfig` names them. Of several the current context is taken, else the first. Undefined: none belongs.
 */
export function contextFor(
  cluster: ClusterIdentity,
  config: Kubeconfig,
  chosenContext?: string,
): KubeContext | undefined {
  if (chosenContext !== undefined) return namedContext(config, chosenContext);
  const best = (contexts: readonly KubeContext[]) =>
    contexts.find(context => context.name === config.currentContext) ?? contexts[0];
  const endpoint = cluster.endpoint === undefined ? undefined : sameServer(cluster.endpoint);
  return (
    best(config.contexts.filter(each => endpoint !== undefined && sameServer(each.cluster.server) === endpoint)) ??
    best(config.contexts.filter(each => each.name === cluster.arn || each.cluster.name === cluster.arn))
  );
}

/** The context of that name; throws `invalid`, with the names that there are, when it is missing or cannot be used. */
export function namedContext(config: Kubeconfig, name: string): KubeContext {
  const found = config.contexts.find(context => context.name === name);
  if (found) return found;
  const why = config.broken.get(name);
  const there = config.contexts.map(context => context.name).join(', ') || 'none';
  const message =
    why === undefined
      ? `The kubeconfig has no context "${name}"; it has: ${there}.`
      : `The context "${name}" cannot be used: ${why}.`;
  throw new PortError({ kind: 'invalid', message: plainText(message, 500) });
}

/** One spelling of a server's URL: hosts do not care for case, 443 goes without saying, nor does a last slash matter. */
function sameServer(server: string): string {
  if (!URL.canParse(server)) return server;
  const url = new URL(server);
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}
