import { isCollection, isScalar, LineCounter, parseDocument } from 'yaml';
import { plainText } from '../identity/plain-text.ts';
import { PortError } from '../run/ports.ts';
import type { ExecPlugin, KubeCluster, KubeUser, Material } from './kubeconfig-model.ts';
import { isObject, listOf, objectOf, type WireObject } from './wire.ts';

/** One kubeconfig file, its paths made absolute; nothing in it is resolved against other files yet. */
export type KubeconfigDocument = {
  readonly currentContext?: string;
  readonly clusters: readonly { readonly name: string; readonly cluster: KubeCluster }[];
  readonly users: readonly { readonly name: string; readonly user: KubeUser }[];
  readonly contexts: readonly { readonly name: string; readonly cluster: string; readonly user: string }[];
};

/** Makes a path that the file names absolute. */
type ResolvePath = (path: string) => string;

/** Tells where in the file something is wrong; never returns. */
type Fault = (what: string, at: readonly (string | number)[]) => never;

/**
 * Parses one file (YAML or JSON). All scalars are read as text, since a token may look like a number. Throws
 * `PortError` (`invalid`) with path and line.
 */
export function parseKubeconfig(text: string, path: string, resolvePath: ResolvePath): KubeconfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const invalid = (what: string, offset: number): never => {
    const { line } = lines.linePos(offset);
    throw new PortError({ kind: 'invalid', message: `${path}, line ${Math.max(line, 1)}: ${plainText(what)}.` });
  };
  const [error] = document.errors;
  // The parser's own message quotes the line, and lines of this file hold secrets: only its first sentence is kept.
  if (error) invalid(`not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`, error.pos[0]);
  const fault: Fault = (what, at) => {
    const node = document.getIn(at, true);
    return invalid(what, (isCollection(node) || isScalar(node) ? node.range?.[0] : undefined) ?? 0);
  };

  const root: unknown = document.toJS();
  if (isBlank(root)) return { clusters: [], users: [], contexts: [] };
  if (!isObject(root)) return fault('a kubeconfig is a map', []);
  const currentContext = scalar(root['current-context']);
  return {
    ...(currentContext === undefined ? {} : { currentContext }),
    clusters: entriesOf(root, 'clusters', fault, (name, entry, at) => ({
      name,
      cluster: clusterOf(name, objectOf(entry.cluster), at, fault, resolvePath),
    })),
    users: entriesOf(root, 'users', fault, (name, entry, at) => ({
      name,
      user: userOf(objectOf(entry.user), at, fault, resolvePath),
    })),
    contexts: entriesOf(root, 'contexts', fault, (name, entry) => {
      const context = objectOf(entry.context);
      return { name, cluster: scalar(context.cluster) ?? '', user: scalar(context.user) ?? '' };
    }),
  };
}

const isBlank = (value: unknown) =>
  value === undefined || value === null || ['', 'null', '~'].includes(value as string);

const scalar = (value: unknown): string | undefined =>
  typeof value === 'string' && !isBlank(value) ? value : undefined;

const flag = (value: unknown): boolean => value === 'true';

function entriesOf<T>(
  root: WireObject,
  key: string,
  fault: Fault,
  map: (name: string, entry: WireObject, at: readonly (string | number)[]) => T,
): T[] {
  const list = root[key];
  if (isBlank(list)) return [];
  if (!Array.isArray(list)) return fault(`"${key}" is not a list`, [key]);
  return list.map((entry: unknown, index) => {
    const at = [key, index];
    const name = scalar(objectOf(entry).name);
    if (!isObject(entry) || name === undefined) return fault(`an entry of "${key}" has no name`, at);
    return map(name, entry, at);
  });
}

function clusterOf(
  name: string,
  entry: WireObject,
  at: readonly (string | number)[],
  fault: Fault,
  resolvePath: ResolvePath,
): KubeCluster {
  // kubectl falls back to this address for an entry that names none.
  const server = scalar(entry.server) ?? 'http://localhost:8080';
  if (!URL.canParse(server) || !/^https?:\/\//i.test(server)) {
    return fault(`the server of cluster "${name}" is not a URL`, [...at, 'cluster', 'server']);
  }
  const ca = materialOf(entry, 'certificate-authority', [...at, 'cluster'], fault, resolvePath);
  const serverName = scalar(entry['tls-server-name']);
  const proxyUrl = scalar(entry['proxy-url']);
  if (proxyUrl !== undefined && !URL.canParse(proxyUrl)) {
    return fault(`the proxy-url of cluster "${name}" is not a URL`, [...at, 'cluster', 'proxy-url']);
  }
  const extension = listOf(entry.extensions)
    .map(objectOf)
    .find(each => each.name === 'client.authentication.k8s.io/exec');
  return {
    name,
    server,
    insecure: flag(entry['insecure-skip-tls-verify']),
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(extension?.extension === undefined ? {} : { execConfig: extension.extension }),
  };
}

/** Contents (`KEY-data`, base64) go before a path (`KEY`). */
function materialOf(
  entry: WireObject,
  key: string,
  at: readonly (string | number)[],
  fault: Fault,
  resolvePath: ResolvePath,
): Material | undefined {
  const data = scalar(entry[`${key}-data`]);
  if (data !== undefined) {
    const pem = Buffer.from(data, 'base64').toString('utf8');
    return pem.includes('-----BEGIN') ? { pem } : fault(`${key}-data is not base64 of PEM`, [...at, `${key}-data`]);
  }
  const file = scalar(entry[key]);
  return file === undefined ? undefined : { file: resolvePath(file) };
}

function userOf(entry: WireObject, at: readonly (string | number)[], fault: Fault, resolvePath: ResolvePath): KubeUser {
  const here = [...at, 'user'];
  const token = scalar(entry.token);
  const tokenFile = scalar(entry.tokenFile);
  const username = scalar(entry.username);
  const certificate = materialOf(entry, 'client-certificate', here, fault, resolvePath);
  const key = materialOf(entry, 'client-key', here, fault, resolvePath);
  const exec = isObject(entry.exec) ? execOf(entry.exec, here, fault, resolvePath) : undefined;
  const impersonated = scalar(entry.as);
  const uid = scalar(entry['as-uid']);
  const unsupported = unsupportedIn(entry);
  return {
    ...(token === undefined ? {} : { token }),
    ...(tokenFile === undefined ? {} : { tokenFile: resolvePath(tokenFile) }),
    ...(username === undefined ? {} : { basic: { username, password: scalar(entry.password) ?? '' } }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(exec === undefined ? {} : { exec }),
    ...(impersonated === undefined
      ? {}
      : {
          impersonate: {
            user: impersonated,
            groups: textsOf(entry['as-groups']),
            ...(uid === undefined ? {} : { uid }),
          },
        }),
    ...(unsupported === undefined ? {} : { unsupported }),
  };
}

function unsupportedIn(entry: WireObject): string | undefined {
  if (isObject(entry['auth-provider']))
    return 'it uses an auth-provider, which Kubernetes has removed: use an exec plugin';
  if (isObject(entry['as-user-extra'])) return 'it impersonates with as-user-extra, which podid-tui does not do';
  return undefined;
}

const textsOf = (value: unknown): string[] => listOf(value).filter(each => typeof each === 'string');

function execOf(
  entry: WireObject,
  at: readonly (string | number)[],
  fault: Fault,
  resolvePath: ResolvePath,
): ExecPlugin {
  const command = scalar(entry.command);
  if (command === undefined) return fault('an exec plugin has no command', [...at, 'exec']);
  const installHint = scalar(entry.installHint);
  const env = listOf(entry.env)
    .map(objectOf)
    .flatMap(({ name, value }) =>
      typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [],
    );
  return {
    apiVersion: scalar(entry.apiVersion) ?? '',
    // A bare name is looked up in PATH; anything with a slash is a path relative to the file.
    command: /[/\\]/.test(command) ? resolvePath(command) : command,
    args: textsOf(entry.args),
    env: Object.fromEntries(env),
    provideClusterInfo: flag(entry.provideClusterInfo),
    interactiveMode: scalar(entry.interactiveMode) ?? 'IfAvailable',
    ...(installHint === undefined ? {} : { installHint }),
  };
}
