/**
 * The core of the sandbox: one request in, one response out, no sockets and no clock of its own. The shell around it
 * serves HTTP and adds the world's latency.
 */
import { type AwsCall, authenticate, readCall } from './cloud/call.ts';
import { AwsFault } from './cloud/fault.ts';
import { carryOut, faultAnswer } from './cloud/front.ts';
import { handleKubernetes } from './cluster/api.ts';
import { handleControl, isControl } from './control.ts';
import { drawFault, type Injected } from './faults.ts';
import { kubernetesCall } from './kubernetes-call.ts';
import type { ClusterRecord, SandboxRequest, SandboxResponse, World } from './model.ts';
import { logRequest } from './request-log.ts';
import { advance } from './time.ts';

/** `now` in milliseconds since the epoch; what has become due by then happens first. */
export function handle(world: World, request: SandboxRequest, now: number): SandboxResponse {
  advance(world, now);
  if (request.endpoint.kind === 'kubernetes') {
    return toCluster(world, request, request.endpoint.cluster, world.now);
  }
  if (isControl(request.path)) {
    return handleControl(world, request, world.now);
  }
  return toAws(world, request, world.now);
}

function toAws(world: World, request: SandboxRequest, now: number): SandboxResponse {
  const call = readCall(world, request);
  let response: SandboxResponse;
  let code: string | undefined;
  let injected: Injected | undefined;
  try {
    const caller = authenticate(request, call, now);
    injected = drawFault(world, `${call.service}:${call.operation}`, bucketOf(call), now);
    if (injected !== undefined && !(injected.kind === 'disconnect' && injected.when === 'after')) {
      throw awsFault(injected, call);
    }
    response = carryOut(world, request, call, caller, now);
  } catch (error) {
    if (!(error instanceof AwsFault)) {
      throw error;
    }
    response = faultAnswer(world, call, error);
    code = error.code;
  }
  const answer = cutWhere(response, injected);
  logRequest(
    world,
    {
      at: now,
      service: call.service,
      operation: call.operation,
      write: call.write,
      account: call.caller?.account ?? '',
      ...(call.service === 'iam' ? {} : { region: call.region }),
      ...(call.labels.clusterName === undefined ? {} : { cluster: call.labels.clusterName }),
      ...(call.subject === undefined ? {} : { subject: call.subject }),
      status: answer.status,
      ...(code === undefined ? {} : { code }),
    },
    injected?.kind === 'throttle',
  );
  return answer;
}

/** IAM is one for the whole account. */
function bucketOf({ service, region, caller }: AwsCall): string {
  return `${caller?.account ?? ''}/${service === 'iam' ? '' : region}/${service}`;
}

/** The fault in the words of the service (EKS and IAM API references, "Common errors"). */
function awsFault(injected: Injected, { service }: AwsCall): AwsFault {
  const eks = service === 'eks';
  if (injected.kind === 'throttle') {
    return eks
      ? new AwsFault(429, 'TooManyRequestsException', 'Too Many Requests')
      : new AwsFault(400, 'Throttling', 'Rate exceeded');
  }
  if (injected.kind === 'disconnect') {
    return new AwsFault(500, 'Disconnected', 'The connection was cut.');
  }
  const unavailable = injected.status === 503;
  const name = eks
    ? unavailable
      ? 'ServiceUnavailableException'
      : 'ServerException'
    : unavailable
      ? 'ServiceUnavailable'
      : 'InternalFailure';
  return new AwsFault(
    injected.status,
    injected.code ?? name,
    injected.message ?? 'The request processing has failed because of an unknown error, exception or failure.',
  );
}

/** Nobody sees the answer of a cut connection. */
function cutWhere(response: SandboxResponse, injected: Injected | undefined): SandboxResponse {
  return injected?.kind === 'disconnect' ? { status: 0, headers: {}, body: '', disconnect: injected.when } : response;
}

function toCluster(world: World, request: SandboxRequest, arn: string, now: number): SandboxResponse {
  const cluster = world.clusters.get(arn);
  if (cluster === undefined) {
    return statusAnswer(404, 'NotFound', 'the server could not find the requested resource');
  }
  const call = kubernetesCall(request);
  const injected = drawFault(world, `kubernetes:${call.operation}`, undefined, now);
  const effective = injected === undefined || (injected.kind === 'disconnect' && injected.when === 'after');
  const answer = cutWhere(
    effective ? handleKubernetes(world, cluster, request, now) : kubernetesFault(injected),
    injected,
  );
  logRequest(world, kubernetesEntry(call, cluster, answer, now), false);
  return answer;
}

function kubernetesEntry(
  { operation, write, subject }: ReturnType<typeof kubernetesCall>,
  cluster: ClusterRecord,
  answer: SandboxResponse,
  now: number,
): World['requests'][number] {
  return {
    at: now,
    service: 'kubernetes',
    operation,
    write,
    account: cluster.account,
    region: cluster.region,
    cluster: cluster.name,
    ...(subject === undefined ? {} : { subject }),
    status: answer.status,
  };
}

function kubernetesFault(injected: Injected | undefined): SandboxResponse {
  if (injected?.kind === 'answer') {
    return statusAnswer(
      injected.status,
      injected.code ?? 'InternalError',
      injected.message ?? 'an error on the server',
    );
  }
  return statusAnswer(500, 'InternalError', 'an error on the server');
}

/** A Kubernetes Status object. */
function statusAnswer(code: number, reason: string, message: string): SandboxResponse {
  return {
    status: code,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }),
  };
}
