import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EKSClient } from '@aws-sdk/client-eks';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { HttpRequest } from '@smithy/core/protocols';
import { HttpResponse } from '@smithy/core/protocols';
import { handle } from '../../../source/sandbox/handle.ts';
import type { Caller, SandboxRequest, World } from '../../../source/sandbox/model.ts';

export const REGION = 'eu-west-1';

/** A world's time that tests own. */
export type Time = { now: number };

/** The real SDK's clients, speaking to a world in this process: no socket between them, every byte as on the wire. */
export function sdkClients(world: World, caller: Caller, time: Time, region = REGION) {
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: HttpRequest) {
      const answer = handle(world, toSandboxRequest(request), time.now);
      if (answer.disconnect !== undefined) {
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
      }
      const response = new HttpResponse({
        statusCode: answer.status,
        headers: answer.headers,
        body: bytes(answer.body),
      });
      return { response };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const shared = {
    region,
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: caller.accessKeyId, secretAccessKey: caller.secretAccessKey },
    maxAttempts: 1,
    requestHandler: requestHandler as never,
  };
  return {
    eks: new EKSClient(shared),
    iam: new IAMClient(shared),
    sts: new STSClient(shared),
    cloudformation: new CloudFormationClient(shared),
  };
}

export type SdkClients = ReturnType<typeof sdkClients>;

function toSandboxRequest(request: HttpRequest): SandboxRequest {
  const query = Object.entries(request.query ?? {})
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(each => `${encode(name)}=${encode(each ?? '')}`),
    )
    .join('&');
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    endpoint: { kind: 'aws' },
    method: request.method,
    path: request.path,
    query,
    headers: Object.fromEntries(headers),
    body: typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body ?? new Uint8Array()),
  };
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/gu, each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

function bytes(text: string): ReadableStream<Uint8Array> {
  return new Blob([text]).stream();
}

/** What was thrown, with the wire's name, status and text. */
export async function refusal(work: Promise<unknown>): Promise<{ name: string; status: number; message: string }> {
  try {
    await work;
  } catch (error) {
    const thrown = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name: thrown.name, status: thrown.$metadata?.httpStatusCode ?? 0, message: thrown.message };
  }
  throw new Error('the call was not refused');
}
