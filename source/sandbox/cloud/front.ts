/** Carries out one AWS call and puts answers and faults into the form of its service. */
import type { Account, Caller, SandboxRequest, SandboxResponse, World } from '../model.ts';
import type { AwsCall } from './call.ts';
import type { QueryOperation } from './context.ts';
import { EKS_OPERATIONS } from './eks/service.ts';
import { AwsFault } from './fault.ts';
import { FORMATION_OPERATIONS } from './formation/service.ts';
import { IAM_OPERATIONS } from './iam/service.ts';
import { newUuid } from './ids.ts';
import { isEnabled } from './regions.ts';
import { STS_OPERATIONS } from './sts.ts';
import { element, type XmlValue } from './xml.ts';

type QueryService = Exclude<AwsCall['service'], 'eks'>;

const QUERY_SERVICES: Readonly<
  Record<QueryService, { readonly namespace: string; readonly operations: Readonly<Record<string, QueryOperation>> }>
> = {
  iam: { namespace: 'https://iam.amazonaws.com/doc/2010-05-08/', operations: IAM_OPERATIONS },
  sts: { namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', operations: STS_OPERATIONS },
  cloudformation: {
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    operations: FORMATION_OPERATIONS,
  },
};

/** Throws AwsFault. */
export function carryOut(
  world: World,
  request: SandboxRequest,
  call: AwsCall,
  caller: Caller,
  now: number,
): SandboxResponse {
  const account = world.accounts.get(caller.account);
  if (account === undefined) {
    throw new AwsFault(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  checkEnabled(world, call, account);
  checkRegion(world, call, caller);
  checkAllowed(call, caller, account);
  const context = { world, account, caller, region: call.region, now };
  if (call.service === 'eks') {
    const operation = own(EKS_OPERATIONS, call.operation);
    if (operation === undefined) {
      throw new AwsFault(404, 'UnknownOperationException', 'The requested operation does not exist.');
    }
    if (call.body === undefined) {
      throw new AwsFault(400, 'SerializationException', 'The request body is not a JSON object.');
    }
    const answer = operation({
      ...context,
      labels: call.labels,
      query: new URLSearchParams(request.query),
      body: call.body,
    });
    return json(200, answer, newUuid(world));
  }
  const operation = own(QUERY_SERVICES[call.service].operations, call.operation);
  if (operation === undefined) {
    const version = call.form.text('Version') ?? '';
    throw new AwsFault(400, 'InvalidAction', `Could not find operation ${call.operation} for version ${version}`);
  }
  return queryAnswer(request, call, operation({ ...context, form: call.form }), newUuid(world));
}

/** A fault as the service of the call puts it on the wire. */
export function faultAnswer(world: World, call: AwsCall, fault: AwsFault): SandboxResponse {
  const id = newUuid(world);
  if (call.service === 'eks') {
    const answer = json(fault.status, { message: fault.message, ...fault.details }, id);
    return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': fault.code } };
  }
  const error = { Type: fault.status < 500 ? 'Sender' : 'Receiver', Code: fault.code, Message: fault.message };
  return xml(fault.status, call.service, 'ErrorResponse', { Error: error, RequestId: id }, id);
}

/**
 * A region that the account has not turned on answers as if its keys did not exist. IAM is global, and answers wherever it
 * is asked from.
 */
function checkEnabled(world: World, { service, region }: AwsCall, account: Account): void {
  if (service === 'iam' || isEnabled(world, account, region)) return;
  throw new AwsFault(
    403,
    service === 'eks' ? 'UnrecognizedClientException' : 'InvalidClientTokenId',
    'The security token included in the request is invalid.',
  );
}

/**
 * What AWS answers where a service control policy denies a region; such policies leave global services alone (AWS
 * Organizations User Guide, "Deny access to AWS based on the requested AWS Region").
 */
function checkRegion(world: World, { service, operation, region }: AwsCall, caller: Caller): void {
  if (!world.refusedRegions.has(region) || service === 'iam' || service === 'sts') return;
  throw new AwsFault(
    403,
    service === 'eks' ? 'AccessDeniedException' : 'AccessDenied',
    `User: ${caller.arn} is not authorized to perform: ${service}:${operation} with an explicit deny in a service control policy`,
  );
}

function checkAllowed(
  { service, operation, labels, region, subject }: AwsCall,
  caller: Caller,
  account: Account,
): void {
  const action = `${service}:${operation}`;
  // GetCallerIdentity needs no permission, and none can be taken away (STS API reference).
  const denied = [action, `${service}:*`, '*'].some(each => caller.denied.has(each));
  if (!denied || service === 'sts') {
    return;
  }
  const prefix = `arn:${account.partition}:${service}:${service === 'iam' ? '' : region}:${account.id}`;
  const cluster = labels.clusterName ?? labels.name;
  const resources: Readonly<Record<string, string>> = {
    eks:
      labels.resourceArn ??
      (labels.associationId === undefined
        ? `${prefix}:cluster/${cluster ?? '*'}`
        : `${prefix}:podidentityassociation/${cluster}/${labels.associationId}`),
    iam: operation.includes('Role') && subject !== undefined ? `role ${subject}` : `${prefix}:*`,
    cloudformation: `${prefix}:stack/${subject ?? '*'}/*`,
  };
  throw new AwsFault(
    403,
    service === 'eks' ? 'AccessDeniedException' : 'AccessDenied',
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resources[service] ?? '*'} because no identity-based policy allows the ${action} action`,
  );
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function queryAnswer(
  request: SandboxRequest,
  { service, operation }: AwsCall,
  result: { readonly [name: string]: XmlValue },
  id: string,
): SandboxResponse {
  const name = `${operation}Response`;
  const body = { [`${operation}Result`]: result, ResponseMetadata: { RequestId: id } };
  const asksJson = (request.headers.accept ?? '').includes('application/json');
  if (service === 'eks' || (service === 'sts' && asksJson)) {
    return json(200, { [name]: body }, id);
  }
  return xml(200, service, name, body, id);
}

function json(status: number, body: object, id: string): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': id },
    body: JSON.stringify(body),
  };
}

function xml(status: number, service: QueryService, name: string, body: XmlValue, id: string): SandboxResponse {
  const text = element(name, body).replace(`<${name}>`, `<${name} xmlns="${QUERY_SERVICES[service].namespace}">`);
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': id },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${text}`,
  };
}
