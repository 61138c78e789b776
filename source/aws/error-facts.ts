/**
 * What can be learned from whatever an SDK client threw. The SDK throws its own exceptions, Node's system errors,
 * `SyntaxError` for bodies that are no JSON, credential provider errors, and errors wrapped in `cause` or `errors`.
 */
export type ErrorFacts = {
  /** Class or shape name; never empty. */
  readonly name: string;
  /** The service's own error code; absent when the body held none (an HTML page, an empty answer). */
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly message: string;
  /** Node's code for a failed connection, e.g. `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly systemCode?: string;
  /** Host (and port) of a failed connection. */
  readonly host?: string;
  readonly retryAfterMilliseconds?: number;
  /** The SDK saw that our clock is off and corrected for it: the same request will do now. */
  readonly clockCorrected: boolean;
};

type Loose = {
  readonly [key: string]: unknown;
};

const loose = (value: unknown): Loose => (typeof value === 'object' && value !== null ? (value as Loose) : {});
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Names that the SDK or Node make up when the body says nothing; they are no service's answer. */
const madeUp = /^(Error|TypeError|SyntaxError|UnknownError|Unknown|TimeoutError|AbortError|AggregateError|\d{3})$/;

export function errorFacts(error: unknown): ErrorFacts {
  const given = loose(error);
  const metadata = loose(given.$metadata);
  const response = loose(given.$response);
  const name = text(given.name) ?? 'Error';
  const system = systemError(error);
  const status = number(metadata.httpStatusCode) ?? number(response.statusCode);
  const code =
    text(loose(given.Error).Code) ?? text(given.Code) ?? (status !== undefined ? serviceName(name) : undefined);
  const requestId = text(metadata.requestId);
  const retryAfter = retryAfterMilliseconds(given, response);
  return {
    name,
    message: text(given.message) ?? text(given.Message) ?? text(loose(given.Error).Message) ?? '',
    clockCorrected: metadata.clockSkewCorrected === true,
    ...(code !== undefined ? { code } : {}),
    ...(status !== undefined ? { status } : {}),
    ...(requestId !== undefined ? { requestId } : {}),
    ...(system !== undefined ? { systemCode: system.code } : {}),
    ...(system?.host !== undefined ? { host: system.host } : {}),
    ...(retryAfter !== undefined ? { retryAfterMilliseconds: retryAfter } : {}),
  };
}

const serviceName = (name: string): string | undefined => (madeUp.test(name) ? undefined : name);

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Looks through `cause` and the parts of an `AggregateError` (Node makes one of several addresses that all failed). */
function systemError(error: unknown, depth = 0): { readonly code: string; readonly host?: string } | undefined {
  if (depth > 4) return undefined;
  const given = loose(error);
  const code = text(given.code);
  if (code !== undefined && /^(E[A-Z_0-9]+|CERT_\w+|\w*_CERT\w*|UNABLE_TO_\w+)$/.test(code)) {
    const host = hostOf(given) ?? hostOf(loose(Array.isArray(given.errors) ? given.errors[0] : undefined));
    return { code, ...(host !== undefined ? { host } : {}) };
  }
  const inner = [given.cause, ...(Array.isArray(given.errors) ? given.errors : [])];
  for (const each of inner) {
    const found = systemError(each, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function hostOf(given: Loose): string | undefined {
  const host = text(given.hostname) ?? text(given.address) ?? text(given.host);
  if (host === undefined) return undefined;
  return number(given.port) === undefined ? host : `${host}:${given.port}`;
}

function retryAfterMilliseconds(given: Loose, response: Loose): number | undefined {
  const hinted = number(loose(given.$retryable).retryAfter);
  const header = text(loose(response.headers)['retry-after']);
  const seconds = hinted ?? (header === undefined ? Number.NaN : Number(header));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

const cutCodes = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const timeoutCodes = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);

/** The SDK calls a cut connection a `TimeoutError` too; Node's code tells them apart. */
export const isTimeout = (facts: ErrorFacts): boolean =>
  facts.systemCode === undefined ? facts.name === 'TimeoutError' : timeoutCodes.has(facts.systemCode);

export const isCut = (facts: ErrorFacts): boolean =>
  (facts.systemCode !== undefined && cutCodes.has(facts.systemCode)) ||
  /socket hang up|other side closed|premature close|aborted by the remote|terminated/i.test(facts.message);

export const isTls = (facts: ErrorFacts): boolean =>
  facts.systemCode !== undefined && /CERT|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/.test(facts.systemCode);
