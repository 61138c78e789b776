import type { Faults, SandboxRequest } from '../../source/sandbox/model.ts';

/** What can go wrong with one request, once. */
export const faultKinds = ['throttle', 'server', 'cut-before', 'cut-after', 'denied', 'conflict'] as const;
export type FaultKind = (typeof faultKinds)[number];

type Script = Faults['scripted'][number];
type Service = 'eks' | 'iam' | 'cloudformation' | 'sts' | 'kubernetes';

/**
 * A script that meets the very next request with the fault, in the words of its service (EKS API reference, "Common
 * errors"; IAM API reference, "Common Error Types" and UpdateAssumeRolePolicy; Kubernetes API conventions, "HTTP Status
 * codes"; CloudFormation's answer for a stack that is busy is observed).
 */
export function scriptFor(kind: FaultKind, request: SandboxRequest): Script {
  const next = { operation: '*', times: 1 };
  const service = serviceOf(request);
  switch (kind) {
    case 'throttle':
      return service === 'eks'
        ? { ...next, status: 429, code: 'TooManyRequestsException', message: 'Too Many Requests' }
        : service === 'kubernetes'
          ? { ...next, status: 429, code: 'TooManyRequests', message: 'too many requests' }
          : { ...next, status: 400, code: 'Throttling', message: 'Rate exceeded' };
    case 'server':
      return { ...next, status: 500 };
    case 'cut-before':
      return { ...next, disconnect: 'before' };
    case 'cut-after':
      return { ...next, disconnect: 'after' };
    case 'denied':
      return service === 'kubernetes'
        ? { ...next, status: 403, code: 'Forbidden', message: 'forbidden: the user cannot do this' }
        : {
            ...next,
            status: 403,
            code: service === 'eks' ? 'AccessDeniedException' : 'AccessDenied',
            message: 'User is not authorized to perform this operation',
          };
    case 'conflict':
      return { ...next, ...conflicts[service] };
  }
}

const conflicts: Readonly<Record<Service, Omit<Script, 'operation' | 'times'>>> = {
  eks: { status: 409, code: 'ResourceInUseException', message: 'The resource is in use.' },
  iam: { status: 409, code: 'ConcurrentModification', message: 'The request was rejected: concurrent modification.' },
  cloudformation: {
    status: 400,
    code: 'ValidationError',
    message: 'Stack is in UPDATE_IN_PROGRESS state and can not be updated.',
  },
  sts: { status: 409, code: 'ConcurrentModification', message: 'concurrent modification' },
  kubernetes: { status: 409, code: 'Conflict', message: 'the object has been modified' },
};

/** From the credential scope of the signature. */
function serviceOf({ endpoint, headers }: SandboxRequest): Service {
  if (endpoint.kind === 'kubernetes') return 'kubernetes';
  const service = /Credential=[^/]+\/\d+\/[^/]+\/(\w+)\//.exec(headers.authorization ?? '')?.[1];
  if (service === 'eks' || service === 'iam' || service === 'cloudformation' || service === 'sts') return service;
  throw new Error(`a request for no service that is known: ${service}`);
}
