import { plainText } from '../identity/plain-text.ts';
import type { Failure, FailureKind } from '../identity/reading.ts';
import { PortError } from '../run/ports.ts';
import { isObject, listOf, objectOf, textOf } from './wire.ts';

/** What a failed call was about, for its sentence. */
export type CallContext = {
  /** The cluster's name. */
  readonly cluster: string;
  /** Host and port that were asked, or the server's URL. */
  readonly host: string;
  /** Verb and resource, e.g. `list pods`. */
  readonly operation: string;
};

/** A deadline of ours that passed; `message` ends the sentence "The API server ... ". */
export class Deadline extends Error {}

const kindByStatus: Readonly<Record<number, FailureKind>> = {
  400: 'invalid',
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  405: 'invalid',
  409: 'conflict',
  410: 'conflict',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'throttled',
};

function kindOf(status: number, reason: string | undefined): FailureKind {
  if (reason === 'AlreadyExists') return 'exists';
  return kindByStatus[status] ?? (status >= 500 ? 'server' : 'unknown');
}

/**
 * The failure that an answer tells: `status` is HTTP's, or the code inside an ERROR event of a watch; `body` is what
 * came with it, a Kubernetes `Status` when the API server itself answered. A version that the server does not have becomes
 * code `Expired`, be it too old (410, reason `Expired` or `Gone`) or too new (504 with cause `ResourceVersionTooLarge`):
 * both ask for one thing, to list again. Observed with kube-apiserver 1.20.
 */
export function failureOfStatus(status: number, body: unknown, context: CallContext): PortError {
  const isStatus = isObject(body) && body.kind === 'Status';
  const reason = isStatus ? textOf(body.reason) : undefined;
  const said = isStatus ? plainText(textOf(body.message) ?? '') : '';
  const expired = status === 410 || isVersionFromTheFuture(body);
  const code = expired ? 'Expired' : reason;
  const failure: Failure = {
    kind: expired ? 'conflict' : kindOf(status, reason),
    message: sentenceOfStatus(expired ? 410 : status, said, context),
    ...(code === undefined ? {} : { code }),
    status,
    operation: `kubernetes:${context.operation}`,
  };
  return new PortError(failure, { cause: body });
}

function sentenceOfStatus(status: number, said: string, { cluster, operation }: CallContext): string {
  if (status === 401) {
    return `The API server of ${cluster} does not accept this identity: add an access entry for it to the cluster, or use one that has access.`;
  }
  const what = said || `HTTP status ${status} without an explanation`;
  if (status === 403) return `The API server of ${cluster} refuses to ${operation}: ${what}`;
  if (status === 410) return `The API server of ${cluster} does not have the version that was asked for: ${what}`;
  return `The API server of ${cluster} failed to ${operation}: ${what}`;
}

/** Whether the version asked for is newer than any the server knows; a server restored from a backup says so. */
const isVersionFromTheFuture = (body: unknown): boolean =>
  listOf(objectOf(objectOf(body).details).causes).some(cause => objectOf(cause).reason === 'ResourceVersionTooLarge');

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

/** Whether the server showed a certificate that nobody whom we trust has signed. */
export const isUntrusted = (error: unknown): boolean => untrusted.has(systemCode(error) ?? '');

/** Why nothing answered, as the end of a sentence that names the host. */
function unreachableBecause(code: string): string {
  if (untrusted.has(code)) {
    return 'its certificate is not signed by the CA that the cluster names (behind a proxy that inspects TLS, set AWS_CA_BUNDLE)';
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return 'it does not speak TLS as expected';
  if (code.startsWith('HPE_')) return 'its answer is not HTTP';
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection was refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name cannot be resolved (the endpoint may be private to its VPC)';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'no route leads there (the endpoint may be private to its VPC)';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return 'the connection was cut';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another name';
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired';
    case 'CERT_NOT_YET_VALID':
      return 'its certificate is not valid yet';
    default:
      return `the connection failed (${plainText(code, 60)})`;
  }
}

/** The system's code of an error; Node hides it in an AggregateError when it tried several addresses. */
function systemCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return systemCode(error.errors[0]);
  return isObject(error) ? textOf(error.code) : undefined;
}

/** Any error of a call as the one that ports throw. */
export function toPortError(error: unknown, context: CallContext): PortError {
  if (error instanceof PortError) return error;
  const failed = (kind: FailureKind, message: string) =>
    new PortError({ kind, message, operation: `kubernetes:${context.operation}` } satisfies Failure, { cause: error });
  const server = `The API server of ${context.cluster} (${context.host})`;
  if (error instanceof Deadline) return failed('unreachable', `${server} ${error.message}.`);
  const code = systemCode(error);
  if (code !== undefined) return failed('unreachable', `${server} cannot be reached: ${unreachableBecause(code)}.`);
  return failed(
    'unknown',
    `${server} could not be asked: ${plainText(error instanceof Error ? error.message : String(error))}`,
  );
}

/** We gave up on the call ourselves. */
export const abortedError = (context: CallContext): PortError =>
  new PortError({
    kind: 'aborted',
    message: `Stopped before the API server of ${context.cluster} answered.`,
    operation: `kubernetes:${context.operation}`,
  });
