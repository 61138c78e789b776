import { createSecureContext, type SecureContext } from 'node:tls';
import { trusting } from '../run/network.ts';
import type { Credential } from './credential.ts';
import type { ServerAddress } from './transport.ts';

/** The certificate by which a client proves itself is part of a context, too. */
type Made = {
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly context: SecureContext;
};

type Authorities = (credential: Credential) => SecureContext;

/**
 * Whose word is taken for one server's certificate: the authorities that its address names (or the system's), and where
 * AWS_CA_BUNDLE is set those of a proxy that inspects TLS and signs for every host. One after the other, so that the
 * bundle, a megabyte once it is parsed, is there once and not with each cluster's connections; connections of one client
 * share a context.
 */
export class Trust {
  readonly #choices: readonly Authorities[];
  #chosen = 0;

  constructor({ ca, proxyAuthorities }: ServerAddress) {
    const own = kept(client => createSecureContext({ ...(ca === undefined ? {} : { ca: [...ca] }), ...client }));
    const proxy = proxyAuthorities === undefined ? [] : [proxyChoice(proxyAuthorities)];
    this.#choices = [own, ...proxy];
  }

  /** How many different answers there are to whom to trust. */
  get size(): number {
    return this.#choices.length;
  }

  context(credential: Credential): SecureContext | undefined {
    return this.#choices[this.#chosen]?.(credential);
  }

  /** Nobody in `context` vouched for the server: the next connection asks others. */
  refused(context: SecureContext | undefined, credential: Credential): void {
    // Another connection may have found out before.
    if (context === this.context(credential)) this.#chosen = (this.#chosen + 1) % this.#choices.length;
  }
}

function proxyChoice(bundle: string): Authorities {
  const own = kept(client => createSecureContext({ ca: bundle, ...client }));
  return credential => (credential.certificate === undefined ? trusting(bundle) : own(credential));
}

/** The context of the last credential; one with another certificate gets a new one. */
function kept(make: (client: { cert?: string; key?: string }) => SecureContext): Authorities {
  let made: Made | undefined;
  return ({ certificate, key }) => {
    if (!made || made.certificate !== certificate || made.key !== key) {
      const client = { ...(certificate !== undefined && { cert: certificate }), ...(key !== undefined && { key }) };
      made = { certificate, key, context: make(client) };
    }
    return made.context;
  };
}
