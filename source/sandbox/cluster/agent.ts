/**
 * The Pod Identity agent: the add-on's DaemonSet, and where it serves pods. EKS runs the agent as part of the node in
 * Auto Mode, and not at all on Fargate and Windows (EKS user guide, "Learn how EKS Pod Identity works").
 */
import type { ClusterRecord, KubeObject } from '../model.ts';
import { nodeKind } from './nodes.ts';
import { isReady, isTerminating, type PodTemplate, podSpecOf } from './shapes.ts';
import { find, objectsOf } from './store.ts';

export const AGENT = 'eks-pod-identity-agent';
export const AGENT_NAMESPACE = 'kube-system';

const AGENT_LABELS = { 'app.kubernetes.io/name': AGENT, 'app.kubernetes.io/instance': AGENT };

/** Auto Mode has its own agent, hybrid nodes a DaemonSet of their own that is off unless asked for. */
const ORDINARY_NODES = {
  matchExpressions: [
    { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
    { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['auto', 'fargate', 'hybrid'] },
  ],
};

/** A DaemonSet that another installer (Helm) made counts as much as the add-on's own. */
export function agentServes(cluster: ClusterRecord, node: KubeObject): boolean {
  switch (nodeKind(node)) {
    case 'auto':
      return true;
    case 'fargate':
    case 'windows':
      return false;
    case 'linux':
    case 'hybrid':
      return hasReadyAgent(cluster, node.metadata.name);
  }
}

/** Whether the add-on's own workload should be there: from ACTIVE on, and as long as the add-on is not gone. */
export function agentWanted(cluster: ClusterRecord): boolean {
  const status = cluster.addons.get(AGENT)?.status;
  const present = find(cluster.kube, 'daemonsets', { namespace: AGENT_NAMESPACE, name: AGENT }) !== undefined;
  return status === 'ACTIVE' || (present && status !== undefined && status !== 'DELETING');
}

export function agentTemplate(cluster: ClusterRecord): PodTemplate {
  const image = `602401143452.dkr.ecr.${cluster.region}.amazonaws.com/eks/eks-pod-identity-agent`;
  const version = (cluster.addons.get(AGENT)?.version ?? 'v1.3.10').split('-')[0];
  return {
    metadata: { labels: AGENT_LABELS },
    spec: {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      containers: [
        { name: AGENT, image: `${image}:${version}`, args: ['--port', '80', '--cluster-name', cluster.name] },
      ],
      tolerations: [{ operator: 'Exists' }],
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [ORDINARY_NODES] } },
      },
    },
  };
}

function hasReadyAgent(cluster: ClusterRecord, node: string): boolean {
  for (const pod of agentPods(cluster)) {
    if (podSpecOf(pod).nodeName === node && isReady(pod) && !isTerminating(pod)) {
      return true;
    }
  }
  return false;
}

function agentPods(cluster: ClusterRecord): KubeObject[] {
  // Pods change often and this is asked for every pod with an association: remembered until the store changes.
  const known = remembered.get(cluster);
  if (known?.resourceVersion === cluster.kube.resourceVersion) {
    return known.pods;
  }
  const pods = [...objectsOf(cluster.kube, 'pods')].filter(
    pod => pod.metadata.namespace === AGENT_NAMESPACE && pod.metadata.labels?.['app.kubernetes.io/name'] === AGENT,
  );
  remembered.set(cluster, { resourceVersion: cluster.kube.resourceVersion, pods });
  return pods;
}

const remembered = new WeakMap<ClusterRecord, { readonly resourceVersion: number; readonly pods: KubeObject[] }>();
