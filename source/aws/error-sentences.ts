import { plainText } from '../identity/plain-text.ts';
import type { FailureKind } from '../identity/reading.ts';
import type { RequestNote } from '../run/ports.ts';
import { type ErrorFacts, isCut, isTimeout, isTls } from './error-facts.ts';

/** Which call failed, and with whose settings; what a message needs to say what to do. */
export type CallContext = {
  readonly service: RequestNote['service'];
  readonly operation: string;
  readonly region: string;
  readonly profile?: string;
  /** A custom endpoint, when one is configured. */
  readonly endpoint?: string;
};

/** `eks:DescribeCluster`: the IAM action that allows the call. */
export const operationName = (context: Pick<CallContext, 'service' | 'operation'>): string =>
  `${context.service}:${context.operation}`;

/** One clean sentence for people: what went wrong, and what to do about it. */
export function sentenceFor(kind: FailureKind, facts: ErrorFacts, context: CallContext): string {
  const line = plainText(rawSentence(kind, facts, context));
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}

function rawSentence(kind: FailureKind, facts: ErrorFacts, context: CallContext): string {
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
  // The SDK's words where a role asks for a code and nobody is there to type it.
  if (/multi-factor authentication/i.test(facts.message)) {
    return `The role${whose(context)} asks for a one-time code (MFA): sign in outside with it, and use the profile that holds that session.`;
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
    const [, caller = 'this caller', action = operationName(context), resource, explicit] = match;
    const onWhat = resource && resource !== '*' ? ` on ${resource.replace(/[.,]$/, '')}` : '';
    const remedy = explicit ? 'a policy denies it explicitly' : 'ask for a policy that allows it';
    // What is denied comes first: narrow places cut the end, and the caller is in the header already.
    return `${action} is denied to ${caller}${onWhat}: ${remedy}.`;
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
