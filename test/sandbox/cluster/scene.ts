import { adminToken } from '../../../source/sandbox/cluster/access.ts';
import { handleKubernetes } from '../../../source/sandbox/cluster/api.ts';
import { addNodes, addServiceAccount } from '../../../source/sandbox/cluster/builders.ts';
import type { Caller, ClusterRecord, KubeObject, SandboxResponse, World } from '../../../source/sandbox/model.ts';
import {
  addAccount,
  addAddon,
  addCaller,
  addCluster,
  addRole,
  advance,
  createWorld,
  podIdentityStatement,
  webIdentityStatement,
} from '../../../source/sandbox/world.ts';

export const START = Date.parse('2026-11-24T12:00:00Z');
export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';

export type Sent = {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  readonly token?: string | undefined;
};

/** One account, one cluster with two Linux nodes (and the agent unless told otherwise), driven without sockets. */
export function scene(options: { agent?: boolean; autoMode?: boolean; nodes?: number } = {}) {
  const world = createWorld({ name: 'test', seed: 7, now: START });
  const account = addAccount(world, { id: '111122223333' });
  const cluster = addCluster(world, account, {
    name: 'prod',
    region: 'eu-west-1',
    autoMode: options.autoMode ?? false,
  });
  if (options.agent ?? true) addAddon(world, cluster, { name: 'eks-pod-identity-agent' });
  if (options.nodes !== 0) addNodes(world, cluster, { count: options.nodes ?? 2 });
  const caller = addCaller(world, account, { name: 'alice' });

  /** A role that lets in Pod Identity, or a service account by IRSA, or both. */
  const role = (name: string, { pods = false, irsa = [] as readonly string[] } = {}): string =>
    addRole(world, account, {
      name,
      trust: {
        Version: '2012-10-17',
        Statement: [
          ...(pods ? [podIdentityStatement()] : []),
          ...irsa.map(subject => {
            const [namespace = '', serviceAccount = ''] = subject.split('/');
            return webIdentityStatement(account, cluster.issuer ?? '', namespace, serviceAccount);
          }),
        ],
      },
    }).arn;
  return { world, account, cluster, caller, role, ...driver(world, cluster) };
}

export function driver(world: World, cluster: ClusterRecord) {
  const send = (method: string, target: string, sent: Sent = {}): SandboxResponse => {
    const [path = '', query = ''] = target.split('?');
    const token = 'token' in sent ? sent.token : adminToken(cluster);
    return handleKubernetes(
      world,
      cluster,
      {
        endpoint: { kind: 'kubernetes', cluster: cluster.arn },
        method,
        path,
        query,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(sent.body === undefined ? {} : { 'content-type': sent.type ?? 'application/json' }),
          ...(sent.accept === undefined ? {} : { accept: sent.accept }),
        },
        body: sent.body === undefined ? '' : typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body),
      },
      world.now,
    );
  };
  const json = (method: string, target: string, sent: Sent = {}) => {
    const { status, body } = send(method, target, sent);
    return { code: status, ...JSON.parse(body) };
  };
  const pass = (milliseconds: number) => advance(world, world.now + milliseconds);
  const pods = (namespace: string): KubeObject[] => json('GET', `/api/v1/namespaces/${namespace}/pods`).items;
  return { send, json, pass, pods };
}

/** Follows a watch: its events so far, in order. */
export function follow(response: SandboxResponse) {
  const lines = response.body.split('\n').filter(line => line !== '');
  const state = { ended: false };
  const stop = response.stream?.subscribe(
    line => lines.push(line.trimEnd()),
    () => {
      state.ended = true;
    },
  );
  const events = (): { type: string; object: KubeObject }[] => lines.map(line => JSON.parse(line));
  return { events, state, stop: () => stop?.() };
}

export function fill(world: World, cluster: ClusterRecord, count: number): void {
  for (let index = 1; index <= count; index++) {
    addServiceAccount(world, cluster, { namespace: 'default', name: `sa-${index}` });
  }
}

export type { Caller };
