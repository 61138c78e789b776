import type { Clock } from '../run/clock.ts';
import { orAborted } from './deadline.ts';

/** What proves to an API server who calls. Never logged, never part of an error. */
export type Credential = {
  readonly token?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  /** Client certificate and key, PEM. */
  readonly certificate?: string;
  readonly key?: string;
  /** Whom to act as, once recognised (Kubernetes docs, "User impersonation"). */
  readonly impersonate?: { readonly user: string; readonly uid?: string; readonly groups: readonly string[] };
  /** Milliseconds since the epoch; absent: until it is refused. */
  readonly expiresAt?: number;
};

/**
 * Gives the credential to use now. `refused` is one that the server answered 401 to: it is not given again, unless
 * nothing else can be had (then the very same object comes back, and asking again is pointless).
 */
export type CredentialSource = (options?: {
  readonly refused?: Credential;
  readonly signal?: AbortSignal;
}) => Promise<Credential>;

export const fixedCredential =
  (credential: Credential): CredentialSource =>
  () =>
    Promise.resolve(credential);

/**
 * Keeps a credential until `skew` milliseconds before it expires. Callers that need a new one at the same time share
 * one fetch; when that fails while the old one still works, the old one goes on being used.
 */
export function cachedCredential(
  fetch: () => Promise<Credential>,
  { clock, skew }: { readonly clock: Clock; readonly skew: number },
): CredentialSource {
  let current: Credential | undefined;
  let fetching: Promise<Credential> | undefined;

  const refresh = (): Promise<Credential> => {
    fetching ??= fetch()
      .then(credential => {
        current = credential;
        return credential;
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  };

  const lasts = (credential: Credential, margin: number) =>
    credential.expiresAt === undefined || clock.now() < credential.expiresAt - margin;

  return async ({ refused, signal } = {}) => {
    if (refused !== undefined && refused === current) current = undefined;
    const old = current;
    if (old && lasts(old, skew)) return old;
    if (!old || !lasts(old, 0)) return orAborted(refresh(), signal);
    return orAborted(
      refresh().catch(() => old),
      signal,
    );
  };
}
