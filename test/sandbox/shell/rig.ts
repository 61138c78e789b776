/** A running sandbox with the clients that tests drive it with. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EKSClient } from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { onTestFinished } from 'vitest';
import type { SandboxProfile } from '../../../source/sandbox/shell/protocol.ts';
import { type RunningSandbox, startSandbox } from '../../../source/sandbox/shell/server.ts';
import type { MadeWorld } from '../../../source/sandbox/worlds/worlds.ts';

export type Rig = {
  readonly sandbox: RunningSandbox;
  readonly profile: SandboxProfile;
  /** Lines that the sandbox complained with. */
  readonly complaints: readonly string[];
};

/** Starts it for one test; it ends with the test. */
export async function open({ world, profiles }: MadeWorld, options: { readonly port?: number } = {}): Promise<Rig> {
  const complaints: string[] = [];
  const sandbox = await startSandbox({ ...options, world, log: line => complaints.push(line) });
  onTestFinished(() => sandbox.close());
  const [profile] = profiles;
  if (!profile) throw new Error('the world has no profile');
  return { sandbox, profile, complaints };
}

export function clients({ sandbox, profile }: Rig, region = profile.region) {
  const { accessKeyId, secretAccessKey } = profile;
  const config = {
    endpoint: sandbox.url,
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  };
  return {
    eks: new EKSClient(config),
    iam: new IAMClient(config),
    formation: new CloudFormationClient(config),
    sts: new STSClient(config),
  };
}

export type Answer = {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
};

type Sent = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** PEM of the authority to trust, for HTTPS. */
  readonly ca?: string;
};

/** One request on a connection of its own, without any client library. Rejects when the connection is cut. */
export function send(url: string, { method = 'GET', headers = {}, body, ca }: Sent = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { method, headers, agent: false as const, ...(ca === undefined ? {} : { ca }) };
  const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, options, response => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    response.on('error', reject);
  });
  request.on('error', reject);
  request.end(body);
  return promise;
}

/** Asks `/_sandbox/...` and reads the JSON. */
export async function control({ sandbox }: Rig, path: string, sent: Sent = {}) {
  const answer = await send(`${sandbox.url}/_sandbox/${path}`, sent);
  return { status: answer.status, json: JSON.parse(answer.body) };
}

export const post = (body: object): Sent => ({ method: 'POST', body: JSON.stringify(body) });
