/** SelfSubjectAccessReview and SelfSubjectRulesReview: what the caller may do. They are answered, never stored. */
import type { SandboxRequest } from '../model.ts';
import { isAllowed, type KubeUser } from './access.ts';
import { checkMediaType } from './bodies.ts';
import type { Verb } from './request.ts';
import { RESOURCES } from './resources.ts';
import { fieldsOf, isFields } from './shapes.ts';
import { badRequest, invalid } from './status.ts';

const VERBS: readonly Verb[] = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** Undefined for a resource that is no review. Throws BadRequest, Invalid. */
export function review(resource: string, user: KubeUser, request: SandboxRequest): object | undefined {
  switch (resource) {
    case 'selfsubjectaccessreviews':
      return accessReview(user, readSpec(request));
    case 'selfsubjectrulesreviews':
      return rulesReview(user, readSpec(request));
    default:
      return undefined;
  }
}

function accessReview(user: KubeUser, spec: Record<string, unknown>): object {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (isFields(resource) === isFields(path)) {
    throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', [
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: "null": exactly one of nonResourceAttributes or resourceAttributes must be specified',
        field: 'spec.resourceAttributes',
      },
    ]);
  }
  const allowed = !isFields(resource) || isAllowed(user, attributesOf(resource));
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec,
    status: { allowed, ...(allowed ? {} : { reason: 'denied by the sandbox' }) },
  };
}

function rulesReview(user: KubeUser, spec: Record<string, unknown>): object {
  const resourceRules = RESOURCES.map(({ group, resource }) => ({
    verbs: VERBS.filter(verb => isAllowed(user, { verb, resource })),
    apiGroups: [group],
    resources: [resource],
  })).filter(rule => rule.verbs.length > 0);
  return {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec,
    status: {
      resourceRules,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/version'] }],
      incomplete: false,
    },
  };
}

function attributesOf(attributes: Record<string, unknown>): { verb: Verb; resource: string; subresource?: string } {
  const verb = VERBS.find(each => each === attributes.verb) ?? 'get';
  const { subresource } = attributes;
  return {
    verb,
    resource: String(attributes.resource ?? ''),
    ...(typeof subresource === 'string' && subresource !== '' ? { subresource } : {}),
  };
}

function readSpec(request: SandboxRequest): Record<string, unknown> {
  checkMediaType(request);
  try {
    return fieldsOf(fieldsOf(JSON.parse(request.body)).spec);
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}
