/** Request bodies: objects, patches and delete options, read as strictly as the API reads them. */
import { parse } from 'yaml';
import type { KubeObject, SandboxRequest } from '../model.ts';
import { JsonPatchError, jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { apiVersionOf, type ResourceType } from './resources.ts';
import { type Fields, fieldsOf, isFields } from './shapes.ts';
import { badRequest, invalid, KubeFailure, unsupportedMediaType } from './status.ts';
import { StrategicPatchError, strategicMergePatch } from './strategic-patch.ts';

/** The object of a create or an update. Throws BadRequest, UnsupportedMediaType. */
export function readObject(request: SandboxRequest, type: ResourceType): Fields {
  const body = readBody(request, type);
  const kind = body.kind ?? type.kind;
  const apiVersion = body.apiVersion ?? apiVersionOf(type);
  if (kind !== type.kind || apiVersion !== apiVersionOf(type)) {
    throw badRequest(
      `${String(kind)} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${type.kind}: ${notConvertible(apiVersion, kind, type)}`,
    );
  }
  return body;
}

export type DeleteOptions = {
  readonly dryRun: boolean;
  readonly graceSeconds?: number;
  readonly orphan: boolean;
  readonly uid?: string;
  readonly resourceVersion?: string;
};

/** From the body, which may be empty, and the query. */
export function readDeleteOptions(request: SandboxRequest, query: URLSearchParams): DeleteOptions {
  const body = request.body.trim() === '' ? {} : fieldsOf(parseJson(request.body));
  const preconditions = fieldsOf(body.preconditions);
  const grace = body.gracePeriodSeconds ?? query.get('gracePeriodSeconds') ?? undefined;
  const dryRun = Array.isArray(body.dryRun) && body.dryRun.includes('All');
  return {
    dryRun: dryRun || isDryRun(query, 'DeleteOptions'),
    ...(grace === undefined || Number.isNaN(Number(grace)) ? {} : { graceSeconds: Number(grace) }),
    orphan: (body.propagationPolicy ?? query.get('propagationPolicy')) === 'Orphan',
    ...(typeof preconditions.uid === 'string' ? { uid: preconditions.uid } : {}),
    ...(typeof preconditions.resourceVersion === 'string' ? { resourceVersion: preconditions.resourceVersion } : {}),
  };
}

/** `options` names the type in the error. Throws Invalid for anything but `All`. */
export function isDryRun(query: URLSearchParams, options: string): boolean {
  const values = query.getAll('dryRun').filter(value => value !== '');
  if (values.some(value => value !== 'All')) {
    const list = values.map(value => JSON.stringify(value)).join(', ');
    throw invalid({ group: 'meta.k8s.io', kind: options }, '', [
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: []string{${list}}: supported values: "All"`,
        field: 'dryRun',
      },
    ]);
  }
  return values.length > 0;
}

/** The patched object, not yet checked. Throws the API's errors for a patch it cannot read or apply. */
export function applyPatch(request: SandboxRequest, type: ResourceType, object: KubeObject): unknown {
  const target = { ...object, kind: type.kind, apiVersion: apiVersionOf(type) };
  switch (mediaType(request)) {
    case 'application/merge-patch+json':
      return mergePatch(target, readPatch(request.body));
    case 'application/strategic-merge-patch+json':
      return strategically(target, readPatch(request.body));
    case 'application/json-patch+json':
      return sequentially(target, readPatch(request.body));
    default:
      throw unsupportedMediaType('415: Unsupported Media Type');
  }
}

/** A posted object whose metadata does not decode. Throws BadRequest. */
export function checkBody(type: ResourceType, body: Fields): Fields {
  const problem = metadataProblem(type, body);
  if (problem !== undefined) {
    const version = JSON.stringify(apiVersionOf(type));
    throw badRequest(`${type.kind} in version ${version} cannot be handled as a ${type.kind}: ${problem}`);
  }
  return body;
}

/** A patched object that does not decode. Throws Invalid. */
export function checkPatched(type: ResourceType, patched: unknown): Fields {
  if (!isFields(patched)) {
    throw unreadable(patched, "couldn't get version/kind; json parse error: json: cannot unmarshal");
  }
  const { kind = type.kind, apiVersion = apiVersionOf(type) } = patched;
  if (kind !== type.kind || apiVersion !== apiVersionOf(type)) {
    throw unreadable(patched, notConvertible(apiVersion, kind, type));
  }
  const problem = metadataProblem(type, patched);
  if (problem !== undefined) {
    throw unreadable(patched, problem);
  }
  return patched;
}

/** What is no text where text must be, which typed decoding would refuse. */
function metadataProblem(type: ResourceType, object: Fields): string | undefined {
  const metadata = fieldsOf(object.metadata);
  for (const field of ['Labels', 'Annotations'] as const) {
    const map = metadata[field.toLowerCase()];
    const path = `${type.version}.${type.kind}.ObjectMeta: v1.ObjectMeta.${field}`;
    if (map !== undefined && map !== null && !isFields(map)) {
      return `${path}: ReadMapCB: expect { or n, but found ${JSON.stringify(map).charAt(0)}`;
    }
    const wrong = Object.values(fieldsOf(map)).find(value => typeof value !== 'string' && value !== null);
    if (wrong !== undefined) {
      return `${path}: ReadString: expects " or n, but found ${JSON.stringify(wrong).charAt(0)}`;
    }
  }
  return undefined;
}

/** Throws UnsupportedMediaType for anything but JSON and YAML; bodies in protobuf, kubectl's for some, are not read. */
export function checkMediaType(request: SandboxRequest): void {
  if (!['', 'application/json', 'application/yaml'].includes(mediaType(request))) {
    const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
    throw new KubeFailure(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    );
  }
}

function readBody(request: SandboxRequest, type: ResourceType): Fields {
  checkMediaType(request);
  const body = mediaType(request) === 'application/yaml' ? parseYaml(request.body) : parseObject(request.body, type);
  if (!isFields(body)) {
    throw unrecognized(type, 'json: cannot unmarshal into an object', request.body);
  }
  return body;
}

function parseObject(text: string, type: ResourceType): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unrecognized(type, error instanceof Error ? error.message : String(error), text);
  }
}

function unrecognized(type: ResourceType, problem: string, text: string): KubeFailure {
  const what = `couldn't get version/kind; json parse error: ${problem} (${text.slice(0, 200)})`;
  return badRequest(`the object provided is unrecognized (must be of type ${type.kind}): ${what}`);
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}

function readPatch(text: string): unknown {
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch {
    patch = undefined;
  }
  if (typeof patch !== 'object' || patch === null) {
    throw new KubeFailure(500, undefined, 'Invalid JSON Patch');
  }
  return patch;
}

function strategically(target: Fields, patch: unknown): unknown {
  const wrong = Object.values(fieldsOf(fieldsOf(fieldsOf(patch).metadata).annotations)).find(
    value => typeof value !== 'string' && value !== null,
  );
  if (wrong !== undefined) {
    throw unreadable(patch, `cannot convert ${typeof wrong === 'number' ? 'int64' : typeof wrong} to string`);
  }
  try {
    return strategicMergePatch(target, patch);
  } catch (error) {
    throw error instanceof StrategicPatchError ? new KubeFailure(500, undefined, error.message) : error;
  }
}

function sequentially(target: Fields, patch: unknown): unknown {
  try {
    return jsonPatch(target, patch);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) {
      throw error;
    }
    throw error.kind === 'malformed'
      ? badRequest(error.message)
      : new KubeFailure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

function unreadable(value: unknown, problem: string): KubeFailure {
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(value))}: ${problem}`;
  const failure = invalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
  return failure;
}

function notConvertible(apiVersion: unknown, kind: unknown, type: ResourceType): string {
  const from = `${String(apiVersion).split('/').at(-1)}.${String(kind)}`;
  return `converting (${from}) to (${type.group === '' ? 'core' : type.group}.${type.kind}): unknown conversion`;
}

function mediaType(request: SandboxRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
