/** Typed views of the parts of Kubernetes objects that the simulation works with; the rest passes through as it is. */
import type { KubeObject } from '../model.ts';

export type Fields = Record<string, unknown>;
export type EnvVar = { readonly name: string; readonly value?: string; readonly [key: string]: unknown };
export type VolumeMount = { readonly name: string; readonly mountPath: string; readonly [key: string]: unknown };
export type Container = {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly EnvVar[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly [key: string]: unknown;
};
export type PodSpec = {
  readonly serviceAccountName?: string;
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly schedulerName?: string;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Fields[];
  readonly [key: string]: unknown;
};
export type PodTemplate = {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [key: string]: unknown;
  };
  readonly spec: PodSpec;
};
export type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
};

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets an own field whatever its name, `__proto__` too; returns the object. */
export function define(target: Fields, key: string, value: unknown): Fields {
  return Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The value as an object; an empty one when it is none. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

export const itemsOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

export function podSpecOf(pod: KubeObject): PodSpec {
  return asPodSpec(pod.spec);
}

/** A pod without a service account of its own runs as `default`. */
export function serviceAccountOf(spec: PodSpec): string {
  return spec.serviceAccountName || 'default';
}

/** Of a Deployment, StatefulSet, DaemonSet, ReplicaSet or Job; of a CronJob the template of its jobs. */
export function podTemplateOf(workload: KubeObject): PodTemplate {
  const spec = fieldsOf(workload.spec);
  const holder = isFields(spec.jobTemplate) ? fieldsOf(spec.jobTemplate.spec) : spec;
  const template = fieldsOf(holder.template);
  return { ...template, spec: asPodSpec(template.spec) };
}

export function ownersOf(object: KubeObject): readonly OwnerReference[] {
  return itemsOf(object.metadata.ownerReferences) as readonly Fields[] as readonly OwnerReference[];
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return ownersOf(object).find(owner => owner.controller === true);
}

export function isTerminating(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

export function isReady(pod: KubeObject): boolean {
  return itemsOf(fieldsOf(pod.status).conditions).some(
    condition => condition.type === 'Ready' && condition.status === 'True',
  );
}

/** Kubernetes writes times with whole seconds. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function asPodSpec(value: unknown): PodSpec {
  const spec = fieldsOf(value);
  return { ...spec, containers: itemsOf(spec.containers) as readonly Fields[] as readonly Container[] };
}
