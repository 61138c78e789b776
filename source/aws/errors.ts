import type { Failure, FailureKind } from '../identity/reading.ts';
import { PortError } from '../run/ports.ts';
import { type ErrorFacts, errorFacts, isCut, isTimeout } from './error-facts.ts';
import { type CallContext, operationName, sentenceFor } from './error-sentences.ts';

/** Whether the same request may be sent again, and what is known of the first one. */
export type RetryClass =
  /** Refused for its rate: it did not take effect. */
  | 'throttled'
  /** It never reached the service. */
  | 'not-sent'
  /** It may or may not have taken effect. */
  | 'ambiguous'
  /** Refused for our clock, which is corrected now. */
  | 'clock'
  | 'final';

const throttlingCodes = new Set([
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/**
 * Error codes by what a user can do about them: the API models of EKS, IAM, CloudFormation and STS, and the common
 * errors of their gateways. IAM's LimitExceeded is a quota (a trust policy too long), never throttling.
 */
const kinds: Readonly<Record<string, FailureKind>> = {
  ExpiredToken: 'expired-credentials',
  ExpiredTokenException: 'expired-credentials',
  TokenRefreshRequired: 'expired-credentials',
  InvalidAccessKeyId: 'no-credentials',
  InvalidClientTokenId: 'no-credentials',
  IncompleteSignature: 'no-credentials',
  InvalidSignatureException: 'no-credentials',
  MissingAuthenticationToken: 'no-credentials',
  MissingAuthenticationTokenException: 'no-credentials',
  RequestExpired: 'no-credentials',
  SignatureDoesNotMatch: 'no-credentials',
  UnrecognizedClientException: 'no-credentials',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AuthorizationError: 'denied',
  OptInRequired: 'denied',
  UnauthorizedException: 'denied',
  UnauthorizedOperation: 'denied',
  ChangeSetNotFound: 'not-found',
  NoSuchEntity: 'not-found',
  NoSuchEntityException: 'not-found',
  NotFoundException: 'not-found',
  ResourceNotFoundException: 'not-found',
  AlreadyExistsException: 'exists',
  EntityAlreadyExists: 'exists',
  EntityAlreadyExistsException: 'exists',
  TokenAlreadyExistsException: 'exists',
  ConcurrentModification: 'conflict',
  ConcurrentModificationException: 'conflict',
  DeleteConflict: 'conflict',
  OperationInProgressException: 'conflict',
};

const notSentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN']);

/** Turns whatever an SDK client threw into the one error of the ports. A `PortError` passes unchanged. */
export function toPortError(error: unknown, context: CallContext): PortError {
  if (error instanceof PortError) return error;
  return new PortError(toFailure(error, context), { cause: error });
}

export function toFailure(error: unknown, context: CallContext): Failure {
  const facts = errorFacts(error);
  const kind = kindOf(facts, context);
  return {
    kind,
    message: sentenceFor(kind, facts, context),
    operation: operationName(context),
    ...(facts.code !== undefined ? { code: facts.code } : {}),
    ...(facts.status !== undefined ? { status: facts.status } : {}),
    ...(facts.requestId !== undefined ? { requestId: facts.requestId } : {}),
  };
}

export function retryClass(error: unknown): RetryClass {
  const facts = errorFacts(error);
  if (facts.name === 'AbortError' || isCredentialFailure(facts)) return 'final';
  if (isThrottled(facts)) return 'throttled';
  if (facts.status !== undefined) {
    if (facts.status >= 500) return 'ambiguous';
    return facts.clockCorrected && (facts.status === 400 || facts.status === 403) ? 'clock' : 'final';
  }
  if (facts.systemCode !== undefined && notSentCodes.has(facts.systemCode)) return 'not-sent';
  return isCut(facts) || isTimeout(facts) ? 'ambiguous' : 'final';
}

function kindOf(facts: ErrorFacts, context: CallContext): FailureKind {
  if (facts.name === 'AbortError') return 'aborted';
  if (isCredentialFailure(facts)) return credentialKind(facts);
  if (facts.status === undefined) return isUnreachable(facts) ? 'unreachable' : 'unknown';
  // A gateway's 5xx page is no JSON: the status says more than the parser's complaint.
  if (facts.status >= 500) return 'server';
  if (isThrottled(facts)) return 'throttled';
  if (facts.status === 407) return 'unreachable';
  if (facts.code === undefined) return kindWithoutCode(facts.status);
  return kindOfCode(facts.code, facts.message, context);
}

function kindOfCode(code: string, message: string, context: CallContext): FailureKind {
  // On create: the pair has an association, the add-on is there. On any other call: something else is under way.
  if (code === 'ResourceInUseException') return context.operation.startsWith('Create') ? 'exists' : 'conflict';
  // CloudFormation tells nearly everything by the text of one code (observed).
  if (code === 'ValidationError') {
    if (/does not exist/i.test(message)) return 'not-found';
    return /is in \S+ state and can ?not be/i.test(message) ? 'conflict' : 'invalid';
  }
  return kinds[code] ?? 'invalid';
}

/** An answer that is not the service's: never "not found", which would be taken for a fact about a resource. */
const kindWithoutCode = (status: number): FailureKind => (status === 401 || status === 403 ? 'denied' : 'server');

const isThrottled = (facts: ErrorFacts): boolean =>
  facts.status === 429 || (facts.code !== undefined && throttlingCodes.has(facts.code));

const isUnreachable = (facts: ErrorFacts): boolean =>
  facts.systemCode !== undefined || isTimeout(facts) || isCut(facts) || /proxy/i.test(facts.message);

/** Names and texts of the SDK's credential providers. */
const isCredentialFailure = (facts: ErrorFacts): boolean =>
  /^(CredentialsProviderError|TokenProviderError|ProviderError)$/.test(facts.name) ||
  /^(Credential is missing|Resolved credential object is not valid|Could not load credentials)/.test(facts.message);

const credentialKind = (facts: ErrorFacts): FailureKind =>
  /expired|otherwise invalid|sso login|SSO session .* invalid|session token not found or invalid/i.test(facts.message)
    ? 'expired-credentials'
    : 'no-credentials';
