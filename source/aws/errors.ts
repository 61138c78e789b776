import { plainText } from '../identity/plain-text.ts';
import type { Failure, FailureKind } from '../identity/reading.ts';
import { PortError, type RequestNote } from '../run/ports.ts';
import { type ErrorFacts, errorFacts } from './error-facts.ts';

/** Which call failed, and with whose settings; what a message needs to say what to do. */
export type CallContext = {
  readonly service: RequestNote['service'];
  readonly operation: string;
  readonly region: string;
  readonly profile?: string;
  /** A custom endpoint, when one is configured. */
  readonly endpoint?: string;
};

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

const cutCodes = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const timeoutCodes = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);
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
    message: ended(sentenceFor(kind, facts, context)),
    operation: operationName(context),
    ...(facts.code !== undefined ? { code: facts.code } : {}),
    ...(facts.status !== undefined ? { status: facts.status } : {}),
    ...(facts.requestId !== undefined ? { requestId: facts.requestId } : {}),
  };
}

export function retryClass(error: unknown): RetryClass {
  const facts = errorFacts(error);
  if (facts.name === 'AbortError' || isCredentialFailure(facts)) return 'final';
  if (facts.clockCorrected) return 'clock';
  if (isThrottled(facts)) return 'throttled';
  if (facts.status !== undefined) return facts.status >= 500 ? 'ambiguous' : 'final';
  if (facts.systemCode !== undefined && notSentCodes.has(facts.systemCode)) return 'not-sent';
  return isCut(facts) || isTimeout(facts) ? 'ambiguous' : 'final';
}

/** `eks:DescribeCluster`: the IAM action that allows the call. */
export const operationName = (context: Pick<CallContext, 'service' | 'operation'>): string =>
  `${context.service}:${context.operation}`;

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

/** The SDK calls a cut connection a `TimeoutError` too; Node's code tells them apart. */
const isTimeout = (facts: ErrorFacts): boolean =>
  facts.systemCode === undefined ? facts.name === 'TimeoutError' : timeoutCodes.has(facts.systemCode);

const isCut = (facts: ErrorFacts): boolean =>
  (facts.systemCode !== undefined && cutCodes.has(facts.systemCode)) ||
  /socket hang up|other side closed|premature close|aborted by the remote|terminated/i.test(facts.message);

const isTls = (facts: ErrorFacts): boolean =>
  facts.systemCode !== undefined && /CERT|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/.test(facts.systemCode);

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

function sentenceFor(kind: FailureKind, facts: ErrorFacts, context: CallContext): string {
  switch (kind) {
    case 'aborted':
      return `${operationName(context)} was given up.`;
    case 'expired-credentials':
      return expiredSentence(facts, context);
    case 'no-credentials':
      return noCredentialsSentence(facts, context);
    case 'denied':
      return deniedSentence(facts, context);
    case 'throttled':
      return `AWS is throttling ${operationName(context)} in ${context.region}; it goes on more slowly, or try again later.`;
    case 'unreachable':
      return unreachableSentence(facts, context);
    case 'server':
      return serverSentence(facts, context);
    default:
      return plainText(facts.message) || `${operationName(context)} failed with ${facts.code ?? facts.name}`;
  }
}

/** Clean, and ending like a sentence. */
function ended(text: string): string {
  const line = plainText(text);
  return line === '' || /[.!?…]$/.test(line) ? line : `${line}.`;
}

const profileOption = (context: CallContext): string => (context.profile ? ` --profile ${context.profile}` : '');
const whose = (context: CallContext): string => (context.profile ? ` of profile "${context.profile}"` : '');

function expiredSentence(facts: ErrorFacts, context: CallContext): string {
  if (/sso|refresh token|session token not found/i.test(facts.message)) {
    return `The SSO session${whose(context)} has expired: run aws sso login${profileOption(context)}.`;
  }
  return `The credentials${whose(context)} have expired: renew them, with SSO by aws sso login${profileOption(context)}.`;
}

function noCredentialsSentence(facts: ErrorFacts, context: CallContext): string {
  if (facts.code === 'SignatureDoesNotMatch' || facts.code === 'InvalidSignatureException') {
    return `AWS does not accept the signature of the credentials${whose(context)}: check the secret key and this machine's clock.`;
  }
  if (facts.code === 'RequestExpired') {
    return "AWS says the request has expired: check this machine's clock.";
  }
  if (facts.code !== undefined && facts.status !== undefined) {
    return `AWS does not know the credentials${whose(context)} in ${context.region} (${facts.code}): check the access key, and that the region is enabled for the account.`;
  }
  const forProfile = context.profile ? ` for profile "${context.profile}"` : '';
  const looked =
    'environment variables, ~/.aws/config and ~/.aws/credentials profiles, SSO, web identity, container and instance metadata';
  return `No AWS credentials found${forProfile} (looked for: ${looked}): run aws configure, aws sso login, or choose another --profile.`;
}

/** IAM's wording: `User: ARN is not authorized to perform: ACTION on resource: ARN because ...`. */
const notAuthorized =
  /(?:User: )?(\S+) is not authorized to perform: ([\w-]+:[\w*]+)(?: on resource: (\S+))?(?:.*?with an (explicit deny))?/;

function deniedSentence(facts: ErrorFacts, context: CallContext): string {
  const match = notAuthorized.exec(facts.message.replace(/\s+/g, ' '));
  if (match) {
    const [, caller = 'This caller', action = operationName(context), resource, explicit] = match;
    const onWhat = resource && resource !== '*' ? ` on ${resource.replace(/[.,]$/, '')}` : '';
    const remedy = explicit ? 'a policy denies it explicitly' : `ask for a policy that allows ${action}`;
    return `${caller} is not allowed to call ${action}${onWhat}: ${remedy}.`;
  }
  const detail =
    facts.message && !/^(unknown|access denied)/i.test(facts.message) ? `: ${plainText(facts.message)}` : '';
  return `Not allowed to call ${operationName(context)}${whose(context)}${detail}`;
}

function unreachableSentence(facts: ErrorFacts, context: CallContext): string {
  const host = facts.host ?? context.endpoint ?? `the ${context.service} endpoint of ${context.region}`;
  const settings = context.endpoint
    ? `check the configured endpoint ${plainText(context.endpoint)}`
    : `check the region (${context.region}) and the network`;
  if (facts.status === 407) return 'The proxy asks for a login: put it into HTTPS_PROXY.';
  if (facts.systemCode === 'ENOTFOUND') return `No such region or endpoint: ${host} does not resolve; ${settings}.`;
  if (facts.systemCode === 'EAI_AGAIN') return `The name ${host} could not be looked up just now; check the network.`;
  if (facts.systemCode === 'ECONNREFUSED') return `Connection refused by ${host}; ${settings}.`;
  if (isTls(facts)) {
    return `The TLS certificate of ${host} is not trusted (${facts.systemCode}); behind an inspecting proxy set AWS_CA_BUNDLE to its CA.`;
  }
  if (isTimeout(facts)) return `No answer in time from ${host}; ${settings}, and HTTPS_PROXY if one is needed.`;
  if (isCut(facts)) return `The connection to ${host} was cut; ${settings}.`;
  return `${host} cannot be reached (${facts.systemCode ?? plainText(facts.message)}); ${settings}.`;
}

function serverSentence(facts: ErrorFacts, context: CallContext): string {
  const status = facts.status ?? 0;
  if (status >= 500) {
    const code = facts.code ? ` ${facts.code}` : '';
    return `AWS failed to answer ${operationName(context)} in ${context.region} (HTTP ${status}${code}); try again later.`;
  }
  const where = context.endpoint ?? `the ${context.service} endpoint of ${context.region}`;
  return `${where} does not answer ${operationName(context)} like AWS does (HTTP ${status}); check the endpoint and any proxy before it.`;
}
