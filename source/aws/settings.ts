import { plainText } from '../identity/plain-text.ts';
import { PortError } from '../run/ports.ts';
import type { Profile } from './profiles.ts';
import { type AwsService, awsServices, type Endpoints } from './services.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What one session is opened with, all sources weighed. */
export type SessionSettings = {
  /** Absent: the SDK's default chain, which looks at the environment's keys first. */
  readonly profile?: string;
  readonly region: string;
  readonly endpoints: Endpoints;
  readonly maxAttempts: number;
};

export type SettingsRequest = {
  readonly profile?: string;
  readonly region?: string;
  /** Takes the place of every configured endpoint. */
  readonly endpoint?: string;
};

/** The SDKs' default: three attempts, the first one included. */
const defaultAttempts = 3;

/**
 * Weighs the request, the environment and the profile. The SDK itself takes endpoints only from the profile of
 * AWS_PROFILE, whatever profile a client was made for (observed with version 3.1169), so they are resolved here.
 * Throws `PortError` (`invalid`) when the profile does not exist or no region is named anywhere.
 */
export function settingsFor(
  request: SettingsRequest,
  profiles: ReadonlyMap<string, Profile>,
  environment: Environment = process.env,
): SessionSettings {
  const name = request.profile ?? environment.AWS_PROFILE;
  const profile = profiles.get(name ?? 'default');
  if (request.profile !== undefined && !profile) throw unknownProfile(request.profile, profiles);
  const region = regionOf(request, profile, environment);
  if (region === undefined) throw noRegion(name);
  return {
    region,
    endpoints: endpointsOf(request, profile, environment),
    maxAttempts: attemptsOf(profile, environment),
    ...(request.profile !== undefined ? { profile: request.profile } : {}),
  };
}

/** `--region`, AWS_REGION, AWS_DEFAULT_REGION, the profile's own; a profile never falls back to [default]'s region. */
export function regionOf(
  request: SettingsRequest,
  profile: Profile | undefined,
  environment: Environment = process.env,
): string | undefined {
  return request.region || environment.AWS_REGION || environment.AWS_DEFAULT_REGION || profile?.region;
}

/** Explicit, AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, then the profile's: the order of the AWS SDKs guide. */
function endpointsOf(request: SettingsRequest, profile: Profile | undefined, environment: Environment): Endpoints {
  const ignored = isTrue(environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS) || (profile?.ignoresEndpoints ?? false);
  const endpoints: { [Service in AwsService]?: string } = {};
  for (const service of awsServices) {
    const configured = ignored
      ? undefined
      : environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ||
        environment.AWS_ENDPOINT_URL ||
        profile?.endpoints[service];
    const endpoint = request.endpoint ?? configured;
    if (endpoint) endpoints[service] = checkedEndpoint(endpoint);
  }
  return endpoints;
}

function checkedEndpoint(endpoint: string): string {
  if (URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)) return endpoint;
  throw new PortError({
    kind: 'invalid',
    message: `The endpoint "${plainText(endpoint)}" is not an http or https URL; check AWS_ENDPOINT_URL and endpoint_url.`,
  });
}

function attemptsOf(profile: Profile | undefined, environment: Environment): number {
  const fromEnvironment = Number(environment.AWS_MAX_ATTEMPTS);
  if (Number.isInteger(fromEnvironment) && fromEnvironment > 0) return fromEnvironment;
  return profile?.maxAttempts ?? defaultAttempts;
}

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true';

function unknownProfile(name: string, profiles: ReadonlyMap<string, Profile>): PortError {
  const there = plainText([...profiles.keys()].join(', ')) || 'none';
  return new PortError({
    kind: 'invalid',
    message: `There is no profile "${plainText(name)}" in ~/.aws/config or ~/.aws/credentials (found: ${there}).`,
  });
}

function noRegion(profile: string | undefined): PortError {
  const whose = profile === undefined ? '' : ` and profile "${plainText(profile)}" has none`;
  return new PortError({
    kind: 'invalid',
    message: `No region is set${whose}: pass --region, set AWS_REGION, or give the profile a region (podid-tui --sandbox needs none).`,
  });
}
