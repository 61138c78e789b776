import { CONFIG_PREFIX_SEPARATOR, loadSharedConfigFiles } from '@smithy/core/config';
import { type AwsService, awsServices, type Endpoints } from './services.ts';

/** What ~/.aws/config and ~/.aws/credentials say of one profile, less its credentials. */
export type Profile = {
  readonly name: string;
  readonly region?: string;
  /** From its `services` section and its `endpoint_url`, in the SDKs' order. */
  readonly endpoints: Endpoints;
  readonly ignoresEndpoints: boolean;
  readonly maxAttempts?: number;
  /** It signs in through IAM Identity Center. */
  readonly sso: boolean;
};

type Section = Readonly<Record<string, string | undefined>>;

/** The loader gives `[sso-session x]` and `[services x]` as `sso-session.x` and `services.x`: these are no profiles. */
const notProfile = new RegExp(`^(sso-session|services)\\${CONFIG_PREFIX_SEPARATOR}`);

/**
 * Every profile of both files (AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE are honoured), read anew each time, by
 * name and in the order of the files. Files that are missing or malformed count as empty, as in the SDKs.
 */
export async function readProfiles(): Promise<ReadonlyMap<string, Profile>> {
  const files = await loadSharedConfigFiles({ ignoreCache: true });
  const names = new Set([...Object.keys(files.configFile), ...Object.keys(files.credentialsFile)]);
  const profiles = [...names]
    .filter(name => !notProfile.test(name))
    .map(name => {
      const section: Section = { ...files.configFile[name], ...files.credentialsFile[name] };
      const services: Section = files.configFile[`services${CONFIG_PREFIX_SEPARATOR}${section.services}`] ?? {};
      return profileOf(name, section, services);
    });
  return new Map(profiles.map(profile => [profile.name, profile]));
}

function profileOf(name: string, section: Section, services: Section): Profile {
  const endpoints: { [Service in AwsService]?: string } = {};
  for (const service of awsServices) {
    const endpoint = services[`${service}${CONFIG_PREFIX_SEPARATOR}endpoint_url`] ?? section.endpoint_url;
    if (endpoint) endpoints[service] = endpoint;
  }
  const maxAttempts = Number(section.max_attempts);
  return {
    name,
    endpoints,
    ignoresEndpoints: section.ignore_configured_endpoint_urls === 'true',
    sso: Boolean(section.sso_session ?? section.sso_start_url),
    ...(section.region ? { region: section.region } : {}),
    ...(Number.isInteger(maxAttempts) && maxAttempts > 0 ? { maxAttempts } : {}),
  };
}
