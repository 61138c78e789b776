/** What an AWS request asks for, and who asks, before anything is done about it. */
import type { Caller, SandboxRequest, World } from '../model.ts';
import { eksRoute } from './eks/routes.ts';
import { AwsFault } from './fault.ts';
import { Form } from './form.ts';
import { readSignature, type Signature, signatureMatches, signatureTime } from './signature.ts';
import { isObject, type JsonObject, parseJson } from './values.ts';

export type AwsService = 'eks' | 'iam' | 'sts' | 'cloudformation';

export type AwsCall = {
  readonly service: AwsService;
  /** From the credential scope; of no meaning for IAM, which is global. */
  readonly region: string;
  /** Empty: no operation of this service. */
  readonly operation: string;
  readonly write: boolean;
  /** What it is about, for the log: a role, a stack, a service account. */
  readonly subject: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly form: Form;
  /** EKS only; undefined when the body is no JSON object. */
  readonly body: JsonObject | undefined;
  readonly caller: Caller | undefined;
};

const VERSIONS: Readonly<Record<string, AwsService>> = {
  '2010-05-08': 'iam',
  '2010-05-15': 'cloudformation',
  '2011-06-15': 'sts',
};
const SERVICES: readonly string[] = ['eks', 'iam', 'sts', 'cloudformation'];

/** The service is told from the credential scope, else from the form of the request. */
export function readCall(world: World, request: SandboxRequest): AwsCall {
  const signature = readSignature(request);
  const signed = typeof signature === 'string' ? undefined : signature;
  const form = new Form(request.method === 'GET' ? request.query : request.body);
  const guess = VERSIONS[form.text('Version') ?? ''] ?? (form.text('Action') === undefined ? 'eks' : 'sts');
  const service = isService(signed?.service) ? signed.service : guess;
  const scope = {
    service,
    region: signed?.region ?? 'us-east-1',
    caller: signed === undefined ? undefined : world.callers.get(signed.accessKeyId),
  };
  if (service === 'eks') {
    const route = eksRoute(request.method, request.path);
    const body = request.body === '' ? {} : parseJson(request.body);
    const labels = route?.labels ?? {};
    const known = isObject(body) ? body : undefined;
    const operation = route?.operation ?? '';
    return {
      ...scope,
      operation,
      labels,
      form,
      body: known,
      write: isWrite(operation),
      subject: eksSubject(labels, known),
    };
  }
  const operation = form.text('Action') ?? '';
  const subject = form.text('RoleName') ?? form.text('StackName') ?? form.text('OpenIDConnectProviderArn');
  return { ...scope, operation, labels: {}, form, body: undefined, write: isWrite(operation), subject };
}

function isService(name: string | undefined): name is AwsService {
  return name !== undefined && SERVICES.includes(name);
}

function isWrite(operation: string): boolean {
  return !/^(Get|List|Describe|$)/u.test(operation);
}

function eksSubject(labels: Readonly<Record<string, string>>, body: JsonObject | undefined): string | undefined {
  if (typeof body?.namespace === 'string' && typeof body.serviceAccount === 'string') {
    return `${body.namespace}/${body.serviceAccount}`;
  }
  const addon = typeof body?.addonName === 'string' ? body.addonName : undefined;
  return labels.associationId ?? labels.addonName ?? addon ?? labels.resourceArn ?? labels.clusterName ?? labels.name;
}

/**
 * Who calls. Throws as the service's front door would: EKS and the query services have their own names for the same
 * refusals (IAM API reference, "Common Error Types"; EKS API reference, "Common errors").
 */
export function authenticate(request: SandboxRequest, call: AwsCall, now: number): Caller {
  const eks = call.service === 'eks';
  const signature = readSignature(request);
  if (signature === 'missing') {
    throw new AwsFault(
      403,
      eks ? 'MissingAuthenticationTokenException' : 'MissingAuthenticationToken',
      'Request is missing Authentication Token',
    );
  }
  if (signature === 'incomplete') {
    throw new AwsFault(
      eks ? 403 : 400,
      eks ? 'IncompleteSignatureException' : 'IncompleteSignature',
      'Authorization header requires a credential with a five-part scope, signed headers, a signature and a date.',
    );
  }
  const { caller } = call;
  if (caller === undefined) {
    throw new AwsFault(
      403,
      eks ? 'UnrecognizedClientException' : 'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    );
  }
  if (caller.expired) {
    throw new AwsFault(
      403,
      eks ? 'ExpiredTokenException' : 'ExpiredToken',
      'The security token included in the request is expired',
    );
  }
  checkSignature(request, call, signature, caller, now);
  return caller;
}

function checkSignature(
  request: SandboxRequest,
  { service }: AwsCall,
  signature: Signature,
  caller: Caller,
  now: number,
): void {
  const code = service === 'eks' ? 'InvalidSignatureException' : 'SignatureDoesNotMatch';
  if (signature.service !== service) {
    throw new AwsFault(403, code, `Credential should be scoped to correct service: '${service}'.`);
  }
  // STS takes a presigned request for 15 minutes, whatever it says about its own expiry.
  if (signature.presigned && now - signatureTime(signature.time) >= 15 * 60_000) {
    throw new AwsFault(403, code, `Signature expired: ${signature.time} is now earlier than 15 minutes ago`);
  }
  if (!signatureMatches(request, signature, caller.secretAccessKey)) {
    throw new AwsFault(
      403,
      code,
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    );
  }
}
