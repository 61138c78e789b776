import { generate } from 'selfsigned';

/** PEM texts. They live in memory only, for one run of the sandbox. */
export type Certificates = {
  /** Signs the server's certificate; what DescribeCluster hands out, base64 encoded. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
};

/**
 * Makes a certificate authority and a certificate for the loopback address signed by it, so that clients are
 * exercised with full verification. P-256 keys: making them takes milliseconds, RSA keys take seconds.
 */
export const makeCertificates = async (): Promise<Certificates> => {
  const authority = await generate([{ name: 'commonName', value: 'podid-tui sandbox authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { authority: authority.cert, certificate: server.cert, key: server.private };
};
