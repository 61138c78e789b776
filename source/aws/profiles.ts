import { CONFIG_PREFIX_SEPARATOR, loadSharedConfigFiles } from '@smithy/core/config';
import { type AwsService, awsServices, type Endpoints } from './services.ts';

/** How a profile comes by its credentials. */
export type SignIn = 'sso' | 'assume-role' | 'process' | 'web-identity' | 'static' | 'unset';

/** What ~/.aws/config and ~/.aws/credentials say of one profile, less its credentials. */
export type Profile = {
  readonly name: string;
  readonly signIn: SignIn;
  /** The account that its section names: of its role, or for IAM Identity Center. */
  readonly account?: string;
  readonly roleArn?: string;
  /** An access key stands in its section. */
  readonly ownKeys: boolean;
  /** Taking its role asks for a one-time code. */
  readonly mfa: boolean;
  /** Where its first credentials are from: another profile, a credential source, a session of IAM Identity Center. */
  readonly source?: string;
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
    ownKeys: Boolean(section.aws_access_key_id),
    mfa: Boolean(section.mfa_serial),
    ...signInOf(section),
    ...(section.region ? { region: section.region } : {}),
    ...(Number.isInteger(maxAttempts) && maxAttempts > 0 ? { maxAttempts } : {}),
  };
}

type SigningIn = Pick<Profile, 'signIn' | 'account' | 'roleArn' | 'source'>;

/**
 * The order in which the SDK for JavaScript looks at a section (`resolveProfileData` of credential-provider-ini). The
 * command of a `credential_process` may hold anything, so nothing of it is taken.
 */
function signInOf(section: Section): SigningIn {
  const { role_arn: roleArn, sso_account_id: ssoAccount, sso_session: session, sso_start_url: startUrl } = section;
  const source = section.source_profile ?? section.credential_source;
  const role = roleArn === undefined ? {} : { roleArn, ...accountOf(roleArn.split(':')[4]) };
  if (roleArn !== undefined && source !== undefined) return { signIn: 'assume-role', ...role, source };
  if (section.aws_access_key_id) return { signIn: 'static' };
  if (section.web_identity_token_file) return { signIn: 'web-identity', ...role };
  if (section.credential_process) return { signIn: 'process' };
  const portal = session ?? startUrl;
  if (portal !== undefined) return { signIn: 'sso', ...accountOf(ssoAccount), source: portal };
  return { signIn: 'unset' };
}

const accountOf = (account: string | undefined): { readonly account?: string } =>
  account !== undefined && /^\d{12}$/.test(account) ? { account } : {};
