import type { Agent, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { ClusterRef } from '../identity/scope.ts';
import type { Clock } from '../run/clock.ts';
import { makeAgent } from '../run/network.ts';
import { type CallOptions, PortError, type RequestListener } from '../run/ports.ts';
import { type KubernetesCall, requestOf, type SentCall } from './call.ts';
import type { Credential, CredentialSource } from './credential.ts';
import { type Limit, limit } from './deadline.ts';
import { abortedError, type CallContext, failureOfStatus, isUntrusted, toPortError } from './failure.ts';
import {
  bodyOf,
  type Exchange,
  type Exchanger,
  exchange,
  parsedJson,
  type ServerAddress,
  textOfBody,
} from './transport.ts';
import { Trust } from './trust.ts';

/** A body that goes on: read it, then `release`. */
export type OpenStream = { readonly body: Readable; readonly limit: Limit };

export interface KubernetesClient {
  context(operation: string): CallContext;
  /** The answer's JSON. */
  json(call: KubernetesCall, options?: CallOptions): Promise<unknown>;
  /** An answer that stays open; errors before its head throw here, later ones from the body. */
  stream(call: KubernetesCall, options?: CallOptions): Promise<OpenStream>;
  /** Ends every socket; calls after it throw. */
  close(): void;
}

export type ClientOptions = {
  readonly cluster: ClusterRef;
  /** Asked once, at the first call: reading certificates from files is part of it. */
  readonly connect: () => Promise<{ readonly address: ServerAddress; readonly credentials: CredentialSource }>;
  readonly clock: Clock;
  /** 0 <= x < 1, for the spread of waiting times. */
  readonly random: () => number;
  readonly onRequest?: RequestListener;
  /** Takes the place of sockets: for servers in the same process. */
  readonly exchange?: Exchanger;
};

type Connection = {
  readonly address: ServerAddress;
  readonly credentials: CredentialSource;
  readonly agent: Agent;
  readonly trust: Trust;
};

/** How a call went so far, for its note. */
type Count = { attempts: number; status: number; requestId?: string };

/** Reads are tried this often; each wait is twice the one before, unless the server names one. */
const attemptsAtMost = 4;
const firstWait = 250;
const longestWait = 10_000;

const answerMilliseconds = 30_000;

/** By which a request is found in the API server's audit log (Kubernetes docs, "Auditing"). */
const auditId = 'audit-id';

/** A client of one API server: one pool of keep-alive sockets, the credential kept fresh, failures as `PortError`. */
export function makeClient(options: ClientOptions): KubernetesClient {
  return new RestClient(options);
}

class RestClient implements KubernetesClient {
  private readonly options: ClientOptions;
  private readonly closing = new AbortController();
  private connecting: Promise<Connection> | undefined;
  private host: string;

  constructor(options: ClientOptions) {
    this.options = options;
    this.host = options.cluster.name;
  }

  context(operation: string): CallContext {
    return { cluster: this.options.cluster.name, host: this.host, operation };
  }

  async json(call: KubernetesCall, options: CallOptions = {}): Promise<unknown> {
    return this.noted(call, options, async (work, count) => {
      const message = await this.answered(call, work, count);
      const answer = parsedJson(await textOfBody(message)) ?? this.notJson(call, message);
      work.release();
      return answer;
    });
  }

  async stream(call: KubernetesCall, options: CallOptions = {}): Promise<OpenStream> {
    return this.noted(call, options, async (work, count) => {
      const message = await this.answered({ ...call, unpacked: true }, work, count);
      work.unlimited();
      const body = bodyOf(message);
      // It may break before anybody reads; whoever reads then still gets the error.
      body.on('error', () => undefined);
      return { body, limit: work };
    });
  }

  close(): void {
    this.closing.abort();
    this.connecting?.then(
      ({ agent }) => agent.destroy(),
      () => undefined,
    );
  }

  /** Runs a call within its limits and tells of it; a call that succeeds lets go of its limits itself. */
  private async noted<T>(
    call: KubernetesCall,
    { signal }: CallOptions,
    run: (work: Limit, count: Count) => Promise<T>,
  ): Promise<T> {
    if (this.closing.signal.aborted) throw this.closedError();
    const { clock, cluster, onRequest } = this.options;
    const work = this.limitOf(signal);
    const at = clock.now();
    const count: Count = { attempts: 0, status: 0 };
    try {
      return await run(work, count);
    } catch (error) {
      work.release();
      if (signal?.aborted) throw abortedError(this.context(call.operation));
      throw toPortError(work.signal.aborted ? work.signal.reason : error, this.context(call.operation));
    } finally {
      onRequest?.({
        at,
        service: 'kubernetes',
        operation: call.operation,
        account: cluster.account,
        region: cluster.region,
        cluster: cluster.name,
        ...(call.subject === undefined ? {} : { subject: call.subject }),
        status: count.status,
        milliseconds: clock.now() - at,
        attempts: count.attempts,
        ...(count.requestId === undefined ? {} : { requestId: count.requestId }),
        write: call.write ?? false,
      });
    }
  }

  /** The caller's signal, our deadlines, and `close()`, in one. */
  private limitOf(signal: AbortSignal | undefined): Limit {
    const work = limit(this.options.clock, signal);
    const stop = () => work.abort(this.closedError());
    this.closing.signal.addEventListener('abort', stop, { once: true });
    return {
      ...work,
      release: () => {
        work.release();
        this.closing.signal.removeEventListener('abort', stop);
      },
    };
  }

  /** The head of a good answer, after as many attempts as make sense; throws the failure of the last one. */
  private async answered(call: SentCall, work: Limit, count: Count): Promise<IncomingMessage> {
    const connection = await this.connection();
    let refused: { readonly credential: Credential; readonly failure: unknown } | undefined;
    for (;;) {
      const credential = await connection.credentials({
        signal: work.signal,
        ...(refused === undefined ? {} : { refused: refused.credential }),
      });
      // Asked for another credential and got the same: the answer would be the same, too.
      if (refused !== undefined && credential === refused.credential) throw refused.failure;
      const outcome = await this.attempt(call, credential, connection, work, count);
      if ('message' in outcome) return outcome.message;
      const { failure, wait } = outcome;
      if (count.status === 401 && refused === undefined) {
        refused = { credential, failure };
        continue;
      }
      if (wait === undefined) throw failure;
      work.unlimited();
      await this.options.clock.sleep(wait, work.signal);
    }
  }

  /** Sends the call once. `wait`: milliseconds until it makes sense to send it again; absent: it does not. */
  private async attempt(
    call: SentCall,
    credential: Credential,
    connection: Connection,
    work: Limit,
    count: Count,
  ): Promise<{ message: IncomingMessage } | { failure: unknown; wait: number | undefined }> {
    count.attempts += 1;
    count.status = 0;
    try {
      const request = requestOf(call, credential, connection.address);
      const message = await this.send(request, credential, connection, work, call.milliseconds ?? answerMilliseconds);
      count.status = message.statusCode ?? 0;
      const requestId = message.headers[auditId];
      if (typeof requestId === 'string') count.requestId = requestId;
      if (count.status >= 200 && count.status < 300) return { message };
      const body = parsedJson(await textOfBody(message));
      const failure = failureOfStatus(count.status, body, this.context(call.operation));
      return { failure, wait: this.waitAfterStatus(call, count, message) };
    } catch (failure) {
      return { failure, wait: this.waitAfterError(call, count.attempts, work, failure) };
    }
  }

  /** A server whose certificate is not trusted has not seen the request: others may be asked about it. */
  private async send(
    request: Exchange,
    credential: Credential,
    { address, agent, trust }: Connection,
    work: Limit,
    milliseconds: number,
  ): Promise<IncomingMessage> {
    if (this.options.exchange) return this.options.exchange(address, credential, request, agent, work, milliseconds);
    for (let asked = 1; ; asked += 1) {
      const context = address.server.startsWith('https:') ? trust.context(credential) : undefined;
      try {
        return await exchange(address, request, agent, work, milliseconds, context && { context, credential });
      } catch (error) {
        if (!isUntrusted(error)) throw error;
        trust.refused(context, credential);
        if (asked >= trust.size) throw error;
      }
    }
  }

  private connection(): Promise<Connection> {
    this.connecting ??= this.connect().catch(error => {
      // Files and variables can be mended while the program runs: the next call looks again.
      this.connecting = undefined;
      throw error;
    });
    return this.connecting;
  }

  private async connect(): Promise<Connection> {
    const { address, credentials } = await this.options.connect();
    const url = new URL(address.server);
    this.host = url.host;
    const agent = await makeAgent({
      protocol: url.protocol === 'http:' ? 'http:' : 'https:',
      ...(address.proxyUrl === undefined ? {} : { proxyUrl: address.proxyUrl }),
    });
    return { address, credentials, agent, trust: new Trust(address) };
  }

  /** 429 did nothing and may be sent again; so may a read that a server could not answer just now. */
  private waitAfterStatus(call: KubernetesCall, count: Count, message: IncomingMessage): number | undefined {
    const again = count.status === 429 || (!call.write && [500, 502, 503].includes(count.status));
    if (!again || count.attempts >= attemptsAtMost) return undefined;
    const named = Number(message.headers['retry-after']) * 1000;
    return named > 0 ? Math.min(named, longestWait) : this.backOff(count.attempts);
  }

  /** A read whose connection was cut is sent again; what cannot be reached at all is the caller's to try later. */
  private waitAfterError(call: KubernetesCall, attempts: number, work: Limit, error: unknown): number | undefined {
    if (call.write || work.signal.aborted || attempts >= attemptsAtMost) return undefined;
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    return code === 'ECONNRESET' || code === 'EPIPE' ? this.backOff(attempts) : undefined;
  }

  private backOff(attempts: number): number {
    const longest = firstWait * 2 ** (attempts - 1);
    return longest / 2 + (this.options.random() * longest) / 2;
  }

  private notJson(call: KubernetesCall, message: IncomingMessage): never {
    throw new PortError({
      kind: 'server',
      message: `The API server of ${this.options.cluster.name} (${this.host}) answered ${call.operation} with something that is not JSON.`,
      ...(message.statusCode === undefined ? {} : { status: message.statusCode }),
      operation: `kubernetes:${call.operation}`,
    });
  }

  private closedError(): PortError {
    return new PortError({
      kind: 'aborted',
      message: `The connection to the API server of ${this.options.cluster.name} is closed.`,
    });
  }
}
