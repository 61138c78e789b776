/**
 * The only door to the AWS SDK. Modules of this folder import the SDK statically; whoever starts the app reaches this
 * file by `import()` alone, after the first frame is drawn, so that loading the SDK delays nothing that is seen.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EKSClient } from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Scope } from '../identity/scope.ts';
import type { Clock } from '../run/clock.ts';
import type { CallOptions, CloudFormationPort, EksPort, IamPort, RequestListener, StsPort } from '../run/ports.ts';
import { Caller } from './call.ts';
import { makeCloudFormation } from './cloudformation.ts';
import { makeEks } from './eks.ts';
import { toPortError } from './errors.ts';
import { makeIam } from './iam.ts';
import type { LimiterState } from './limiter.ts';
import { type LimiterKey, Limiters } from './limiters.ts';
import { refuseOneTimeCode } from './one-time-code.ts';
import { type Profile, readProfiles } from './profiles.ts';
import { Renewable } from './renewable.ts';
import type { AwsService, Endpoints } from './services.ts';
import { type SessionSettings, settingsFor } from './settings.ts';
import { makeSts } from './sts.ts';
import { type BearerToken, makeToken } from './token.ts';
import { closeTransport, openTransport, type RequestHandler, type Transport } from './transport.ts';

export type SessionOptions = {
  readonly profile?: string;
  readonly region?: string;
  /** Takes the place of every configured endpoint. */
  readonly endpoint?: string;
  readonly clock: Clock;
  readonly onRequest?: RequestListener;
  /** Shared by the sessions of a world, so that two profiles of one account share its rates. */
  readonly limiters?: Limiters;
  /** Read already, when several sessions are opened. */
  readonly profiles?: ReadonlyMap<string, Profile>;
  /** Takes the place of sockets: the SDK's own interface of a request handler. For servers in the same process. */
  readonly requestHandler?: RequestHandler;
};

export type AwsPorts = {
  readonly eks: EksPort;
  readonly iam: IamPort;
  readonly cloudformation: CloudFormationPort;
  readonly sts: StsPort;
};

/** One profile in one region. */
export type Session = {
  /** `{profile or "default chain"} {region}`; unique among the sessions of a world. */
  readonly id: string;
  readonly profile?: string;
  readonly region: string;
  readonly endpoints: Endpoints;
  readonly ports: AwsPorts;
  /** Who we are, asked of STS once; a failure is not remembered. */
  scope(options?: CallOptions): Promise<Scope & { readonly caller: string }>;
  /** The same, when STS has answered already. */
  knownScope(): Scope | undefined;
  /** When the credentials found last run out, ms since the epoch; undefined: none have been found yet. */
  knownExpiry(): number | 'never' | undefined;
  /** A fresh bearer token for a cluster of this account; throws `PortError` when there are no credentials. */
  token(clusterName: string): Promise<BearerToken>;
  limiterStates(): ReadonlyMap<string, LimiterState>;
  /** Ends sockets and refuses further calls. */
  close(): void;
};

/** The profile that the default chain looks at first; undefined: keys of the environment go before any. */
function usualProfile({ AWS_PROFILE, AWS_ACCESS_KEY_ID } = process.env): string | undefined {
  return AWS_PROFILE || (AWS_ACCESS_KEY_ID ? undefined : 'default');
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Makes a session without any request; credentials are looked for with the first call. Throws `PortError`. */
export async function openSession(options: SessionOptions): Promise<Session> {
  // The SDK would write its notice about the Node version over the screen.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const profiles = options.profiles ?? (await readProfiles());
  const settings = settingsFor(options, profiles);
  const transport = await openTransport();
  return new AwsSession(settings, transport, options);
}

class AwsSession implements Session {
  readonly id: string;
  readonly profile?: string;
  readonly region: string;
  readonly endpoints: Endpoints;
  readonly ports: AwsPorts;
  readonly #settings: SessionSettings;
  readonly #options: SessionOptions;
  readonly #transport: Transport;
  readonly #limiters: Limiters;
  readonly #ownsLimiters: boolean;
  readonly #credentials: Renewable<ReturnType<typeof fromNodeProviderChain>>;
  readonly #sts: () => STSClient;
  #scope: (Scope & { readonly caller: string }) | undefined;
  #expiry: number | 'never' | undefined;

  constructor(settings: SessionSettings, transport: Transport, options: SessionOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#transport = transport;
    this.#ownsLimiters = options.limiters === undefined;
    this.#limiters = options.limiters ?? new Limiters(options.clock);
    this.region = settings.region;
    this.endpoints = settings.endpoints;
    if (settings.profile !== undefined) this.profile = settings.profile;
    this.id = `${settings.profile ?? 'default chain'} ${settings.region}`;
    this.#credentials = new Renewable(() => {
      const find = fromNodeProviderChain({
        ...(settings.profile !== undefined ? { profile: settings.profile } : {}),
        ignoreCache: true,
        logger: silent,
        clientConfig: { requestHandler: this.#requestHandler(), logger: silent },
      });
      return async (...asked) => {
        const name = settings.profile ?? usualProfile();
        if (name !== undefined) refuseOneTimeCode(name, await readProfiles());
        const found = await find(...asked);
        this.#expiry = found.expiration?.getTime() ?? 'never';
        return found;
      };
    });
    this.#sts = this.#credentials.with(() => new STSClient(this.#config('sts')));
    const sts = makeSts(this.#sts, this.#caller('sts'));
    this.ports = {
      eks: makeEks(
        this.#credentials.with(() => new EKSClient(this.#config('eks'))),
        this.#caller('eks'),
      ),
      iam: makeIam(
        this.#credentials.with(() => new IAMClient(this.#config('iam'))),
        this.#caller('iam'),
      ),
      cloudformation: makeCloudFormation(
        this.#credentials.with(() => new CloudFormationClient(this.#config('cloudformation'))),
        this.#caller('cloudformation'),
      ),
      sts: { callerIdentity: callOptions => this.#identify(sts, callOptions) },
    };
  }

  async scope(options?: CallOptions): Promise<Scope & { readonly caller: string }> {
    if (!this.#scope) await this.ports.sts.callerIdentity(options);
    if (!this.#scope) throw new Error('STS answered, so the scope is known.');
    return this.#scope;
  }

  knownScope(): Scope | undefined {
    return this.#scope;
  }

  knownExpiry(): number | 'never' | undefined {
    return this.#expiry;
  }

  async token(clusterName: string): Promise<BearerToken> {
    try {
      return await makeToken({
        clusterName,
        region: this.region,
        credentials: () => this.#credentials.value({ callerClientConfig: { region: async () => this.region } }),
        clock: this.#options.clock,
        clockOffset: () => this.#sts().config.systemClockOffset,
      });
    } catch (error) {
      throw toPortError(error, { service: 'sts', operation: 'GetCallerIdentity', ...this.#who('sts') });
    }
  }

  limiterStates(): ReadonlyMap<string, LimiterState> {
    return this.#limiters.states();
  }

  close(): void {
    if (this.#ownsLimiters) this.#limiters.close();
    closeTransport(this.#transport);
  }

  /** Remembers the first answer's account, and lets it name the limiters from now on. */
  async #identify(sts: StsPort, options?: CallOptions): Promise<{ account: string; arn: string }> {
    this.#credentials.renewIfRefused();
    const answer = await sts.callerIdentity(options);
    const before = this.#limiterAccount();
    this.#scope = {
      partition: answer.arn.split(':')[1] ?? 'aws',
      account: answer.account,
      region: this.region,
      caller: answer.arn,
    };
    for (const service of ['eks', 'iam', 'cloudformation', 'sts'] as const) {
      const key = { service, region: this.region };
      this.#limiters.rename({ ...key, account: before }, { ...key, account: answer.account });
    }
    return answer;
  }

  #limiterAccount(): string {
    return this.#scope?.account ?? `profile ${this.profile ?? ''}`;
  }

  #caller(service: AwsService): Caller {
    const { clock, onRequest } = this.#options;
    const key = (): LimiterKey => ({ service, region: this.region, account: this.#limiterAccount() });
    return new Caller({
      service,
      clock,
      limiter: () => this.#limiters.for(key()),
      account: () => this.#scope?.account,
      maxAttempts: this.#settings.maxAttempts,
      ...this.#who(service),
      ...(onRequest ? { onRequest } : {}),
      onFailure: ({ kind }) => {
        if (kind === 'expired-credentials' || kind === 'no-credentials') this.#credentials.refused();
      },
    });
  }

  #who(service: AwsService): { readonly region: string; readonly profile?: string; readonly endpoint?: string } {
    const endpoint = this.endpoints[service];
    const profile = this.profile ?? process.env.AWS_PROFILE;
    return {
      region: this.region,
      ...(profile !== undefined ? { profile } : {}),
      ...(endpoint !== undefined ? { endpoint } : {}),
    };
  }

  #requestHandler(): RequestHandler {
    return this.#options.requestHandler ?? this.#transport;
  }

  /** Retries are ours (one attempt for the SDK); endpoints are resolved, so the SDK need not look for any itself. */
  #config(service: AwsService) {
    const endpoint = this.endpoints[service];
    return {
      region: this.region,
      credentials: this.#credentials.value,
      requestHandler: this.#requestHandler(),
      maxAttempts: 1,
      logger: silent,
      ignoreConfiguredEndpointUrls: true,
      ...(this.profile !== undefined ? { profile: this.profile } : {}),
      ...(endpoint !== undefined ? { endpoint } : {}),
    };
  }
}
