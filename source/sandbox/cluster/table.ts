/** Server-side printing: the columns that `kubectl get` shows. */
import type { KubeObject } from '../model.ts';
import type { ResourceType } from './resources.ts';
import { fieldsOf, isTerminating, itemsOf, podSpecOf, podTemplateOf } from './shapes.ts';

export type Column = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 0: always shown; 1: with `-o wide`. */
  readonly priority: number;
};
type Cell = string | number;
type Printer = { readonly columns: readonly Column[]; cells(object: KubeObject, now: number): readonly Cell[] };

export function columnsOf(type: ResourceType): readonly Column[] {
  return (PRINTERS[type.resource] ?? PLAIN).columns;
}

/** `now` in milliseconds: the age is one of the cells. */
export function rowOf(type: ResourceType, object: KubeObject, now: number): object {
  return {
    cells: (PRINTERS[type.resource] ?? PLAIN).cells(object, now),
    object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
  };
}

/** As kubectl writes ages: two units at most, fewer the older it is (apimachinery's duration.HumanDuration). */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  if (seconds < 0) {
    return '0s';
  }
  if (seconds < 120) {
    return `${seconds}s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) {
    return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  }
  if (minutes < 180) {
    return `${minutes}m`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 8) {
    return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  }
  if (hours < 48) {
    return `${hours}h`;
  }
  const days = Math.floor(hours / 24);
  if (days < 8) {
    return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  }
  if (days < 730) {
    return `${days}d`;
  }
  const years = Math.floor(days / 365);
  if (years < 8) {
    const rest = days % 365;
    return rest === 0 ? `${years}y` : `${years}y${rest}d`;
  }
  return `${years}y`;
}

const column = (name: string, type = 'string', priority = 0): Column => ({
  name,
  type,
  format: name === 'Name' ? 'name' : '',
  description: name,
  priority,
});

const columns = (always: readonly string[], wide: readonly string[] = []): readonly Column[] => [
  ...always.map(name => column(name, INTEGERS.has(name) ? 'integer' : 'string')),
  ...wide.map(name => column(name, 'string', 1)),
];

const INTEGERS: ReadonlySet<string> = new Set(['Desired', 'Current', 'Restarts']);

const age = (object: KubeObject, now: number) => humanDuration(now - Date.parse(object.metadata.creationTimestamp));
const count = (holder: unknown, key: string) => Number(fieldsOf(holder)[key] ?? 0);
const containers = (workload: KubeObject) => podTemplateOf(workload).spec.containers;
const containerNames = (workload: KubeObject) =>
  containers(workload)
    .map(each => each.name)
    .join(',');
const images = (workload: KubeObject) =>
  containers(workload)
    .map(each => each.image ?? '')
    .join(',');
const selector = (workload: KubeObject) =>
  Object.entries(fieldsOf(fieldsOf(fieldsOf(workload.spec).selector).matchLabels))
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';

const PLAIN: Printer = {
  columns: columns(['Name', 'Age']),
  cells: (object, now) => [object.metadata.name, age(object, now)],
};

const PRINTERS: Readonly<Record<string, Printer>> = {
  serviceaccounts: {
    columns: columns(['Name', 'Secrets', 'Age']),
    cells: (object, now) => [object.metadata.name, itemsOf(object.secrets).length, age(object, now)],
  },
  namespaces: {
    columns: columns(['Name', 'Status', 'Age']),
    cells: (object, now) => [object.metadata.name, String(fieldsOf(object.status).phase), age(object, now)],
  },
  pods: {
    columns: columns(
      ['Name', 'Ready', 'Status', 'Restarts', 'Age'],
      ['IP', 'Node', 'Nominated Node', 'Readiness Gates'],
    ),
    cells: podCells,
  },
  nodes: {
    columns: columns(
      ['Name', 'Status', 'Roles', 'Age', 'Version'],
      ['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'],
    ),
    cells: nodeCells,
  },
  deployments: {
    columns: columns(['Name', 'Ready', 'Up-to-date', 'Available', 'Age'], ['Containers', 'Images', 'Selector']),
    cells: (object, now) => [
      object.metadata.name,
      `${count(object.status, 'readyReplicas')}/${count(object.spec, 'replicas')}`,
      count(object.status, 'updatedReplicas'),
      count(object.status, 'availableReplicas'),
      age(object, now),
      containerNames(object),
      images(object),
      selector(object),
    ],
  },
  statefulsets: {
    columns: columns(['Name', 'Ready', 'Age'], ['Containers', 'Images']),
    cells: (object, now) => [
      object.metadata.name,
      `${count(object.status, 'readyReplicas')}/${count(object.spec, 'replicas')}`,
      age(object, now),
      containerNames(object),
      images(object),
    ],
  },
  replicasets: {
    columns: columns(['Name', 'Desired', 'Current', 'Ready', 'Age'], ['Containers', 'Images', 'Selector']),
    cells: (object, now) => [
      object.metadata.name,
      count(object.spec, 'replicas'),
      count(object.status, 'replicas'),
      count(object.status, 'readyReplicas'),
      age(object, now),
      containerNames(object),
      images(object),
      selector(object),
    ],
  },
  daemonsets: {
    columns: columns(
      ['Name', 'Desired', 'Current', 'Ready', 'Up-to-date', 'Available', 'Node Selector', 'Age'],
      ['Containers', 'Images', 'Selector'],
    ),
    cells: (object, now) => [
      object.metadata.name,
      count(object.status, 'desiredNumberScheduled'),
      count(object.status, 'currentNumberScheduled'),
      count(object.status, 'numberReady'),
      count(object.status, 'updatedNumberScheduled'),
      count(object.status, 'numberAvailable'),
      Object.entries(podTemplateOf(object).spec.nodeSelector ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(',') || '<none>',
      age(object, now),
      containerNames(object),
      images(object),
      selector(object),
    ],
  },
  cronjobs: {
    columns: columns(['Name', 'Schedule', 'Timezone', 'Suspend', 'Active', 'Last Schedule', 'Age']),
    cells: (object, now) => [
      object.metadata.name,
      String(fieldsOf(object.spec).schedule),
      '<none>',
      fieldsOf(object.spec).suspend === true ? 'True' : 'False',
      itemsOf(fieldsOf(object.status).active).length,
      '<none>',
      age(object, now),
    ],
  },
};

function podCells(pod: KubeObject, now: number): Cell[] {
  const status = fieldsOf(pod.status);
  const statuses = itemsOf(status.containerStatuses);
  const ready = statuses.filter(each => each.ready === true).length;
  const restarts = statuses.reduce((sum, each) => sum + Number(each.restartCount ?? 0), 0);
  return [
    pod.metadata.name,
    `${ready}/${podSpecOf(pod).containers.length}`,
    isTerminating(pod) ? 'Terminating' : String(status.phase ?? 'Unknown'),
    restarts,
    age(pod, now),
    String(status.podIP ?? '<none>'),
    podSpecOf(pod).nodeName ?? '<none>',
    '<none>',
    '<none>',
  ];
}

function nodeCells(node: KubeObject, now: number): Cell[] {
  const status = fieldsOf(node.status);
  const info = fieldsOf(status.nodeInfo);
  const ready = itemsOf(status.conditions).some(each => each.type === 'Ready' && each.status === 'True');
  const internal = itemsOf(status.addresses).find(each => each.type === 'InternalIP');
  return [
    node.metadata.name,
    `${ready ? 'Ready' : 'NotReady'}${fieldsOf(node.spec).unschedulable === true ? ',SchedulingDisabled' : ''}`,
    '<none>',
    age(node, now),
    String(info.kubeletVersion ?? ''),
    String(internal?.address ?? '<none>'),
    '<none>',
    String(info.osImage ?? ''),
    String(info.kernelVersion ?? ''),
    String(info.containerRuntimeVersion ?? ''),
  ];
}
