/** Errors of the Kubernetes API, as kube-apiserver words and shapes them (observed on v1.20). */
import type { SandboxResponse } from '../model.ts';
import { qualifiedName, type ResourceType } from './resources.ts';

export type StatusCause = { readonly reason: string; readonly message: string; readonly field?: string };
export type StatusDetails = {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
};

/** Thrown wherever a request fails; becomes a Status object on the wire. */
export class KubeFailure extends Error {
  readonly code: number;
  readonly reason: string | undefined;
  readonly details: StatusDetails | undefined;
  /** ListMeta of the Status: an expired list carries a token to go on with. */
  readonly metadata: Readonly<Record<string, string>>;

  constructor(
    code: number,
    reason: string | undefined,
    message: string,
    details?: StatusDetails,
    metadata: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.metadata = metadata;
  }

  /** The Status object. */
  toStatus(): object {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.metadata,
      status: 'Failure',
      message: this.message,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }

  toResponse(): SandboxResponse {
    const wait = this.details?.retryAfterSeconds;
    const response = jsonResponse(this.code, this.toStatus());
    return wait === undefined
      ? response
      : { ...response, headers: { ...response.headers, 'retry-after': String(wait) } };
  }
}

export function jsonResponse(status: number, body: unknown): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
    body: `${JSON.stringify(body)}\n`,
  };
}

export function badRequest(message: string): KubeFailure {
  return new KubeFailure(400, 'BadRequest', message);
}

export function unauthorized(): KubeFailure {
  return new KubeFailure(401, 'Unauthorized', 'Unauthorized');
}

export function notFound(type: ResourceType, name: string): KubeFailure {
  return new KubeFailure(404, 'NotFound', `${qualifiedName(type)} "${name}" not found`, about(type, name));
}

/** No such path under /api or /apis. */
export function unknownPath(): KubeFailure {
  return new KubeFailure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): KubeFailure {
  const message = 'the server does not allow this method on the requested resource';
  return new KubeFailure(405, 'MethodNotAllowed', message, {});
}

export function alreadyExists(type: ResourceType, name: string): KubeFailure {
  return new KubeFailure(409, 'AlreadyExists', `${qualifiedName(type)} "${name}" already exists`, about(type, name));
}

/** The optimistic lock: what was sent carries an older resourceVersion. */
export function conflict(type: ResourceType, name: string): KubeFailure {
  const what = 'the object has been modified; please apply your changes to the latest version and try again';
  const message = `Operation cannot be fulfilled on ${qualifiedName(type)} "${name}": ${what}`;
  return new KubeFailure(409, 'Conflict', message, about(type, name));
}

/** A precondition of a delete does not hold. Here the API names the kind where it otherwise names the resource. */
export function preconditionFailed(type: ResourceType, name: string, what: string): KubeFailure {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const message = `Operation cannot be fulfilled on ${kind} "${name}": ${what}`;
  return new KubeFailure(409, 'Conflict', message, { ...about(type, name), kind: type.kind });
}

export function expired(message: string, token?: string): KubeFailure {
  return new KubeFailure(410, 'Expired', message, undefined, token === undefined ? {} : { continue: token });
}

export function unsupportedMediaType(message: string): KubeFailure {
  return new KubeFailure(415, 'UnsupportedMediaType', message, {});
}

export function invalid(
  type: Pick<ResourceType, 'group' | 'kind'>,
  name: string,
  causes: readonly StatusCause[],
): KubeFailure {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const texts = [
    ...new Set(causes.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`))),
  ];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new KubeFailure(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(type.group === '' ? {} : { group: type.group }),
    ...(type.kind === '' ? {} : { kind: type.kind }),
    causes,
  });
}

function about(type: ResourceType, name: string): StatusDetails {
  return { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.resource };
}
