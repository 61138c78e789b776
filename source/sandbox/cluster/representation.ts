/** The forms in which the API shows objects: as they are, their metadata only, or as a table. Asked for by Accept. */
import type { KubeObject } from '../model.ts';
import { apiVersionOf, type ResourceType } from './resources.ts';
import { KubeFailure } from './status.ts';
import { columnsOf, rowOf } from './table.ts';

export type Form = 'plain' | 'metadata' | 'table';

export type ListMeta = {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
};

const META = { apiVersion: 'meta.k8s.io/v1' } as const;

/**
 * The first form of the Accept header that is known here. Throws NotAcceptable when there is none; protobuf is none,
 * and clients that prefer it take JSON too.
 */
export function formOf(accept: string | undefined): Form {
  if (accept === undefined || accept.trim() === '') {
    return 'plain';
  }
  for (const range of accept.split(',')) {
    const [mediaType = '', ...parameters] = range.split(';').map(part => part.trim());
    const as = parameters.find(each => each.startsWith('as='))?.slice(3);
    const v1 = parameters.every(each => !each.startsWith('v=') || each === 'v=v1');
    const form = v1 && ['application/json', 'application/*', '*/*'].includes(mediaType) ? formNamed(as) : undefined;
    if (form !== undefined) {
      return form;
    }
  }
  throw new KubeFailure(406, 'NotAcceptable', '406: Not Acceptable', {});
}

function formNamed(as: string | undefined): Form | undefined {
  switch (as) {
    case undefined:
      return 'plain';
    case 'PartialObjectMetadata':
    case 'PartialObjectMetadataList':
      return 'metadata';
    case 'Table':
      return 'table';
    default:
      return undefined;
  }
}

/** An object as a list item holds it; in the plain form that is without kind and apiVersion. */
export function showList(
  form: Form,
  type: ResourceType,
  items: readonly KubeObject[],
  metadata: ListMeta,
  now: number,
): object {
  switch (form) {
    case 'plain':
      return { kind: `${type.kind}List`, apiVersion: apiVersionOf(type), metadata, items: items.map(withoutType) };
    case 'metadata':
      return { kind: 'PartialObjectMetadataList', ...META, metadata, items: items.map(metadataOnly) };
    case 'table':
      return tableOf(type, items, metadata, now);
  }
}

export function showObject(form: Form, type: ResourceType, object: KubeObject, now: number): object {
  switch (form) {
    case 'plain':
      return { kind: type.kind, apiVersion: apiVersionOf(type), ...withoutType(object) };
    case 'metadata':
      return metadataOnly(object);
    case 'table':
      return tableOf(type, [object], { resourceVersion: object.metadata.resourceVersion }, now);
  }
}

/** A bookmark has a resourceVersion and nothing else. */
export function showBookmark(form: Form, type: ResourceType, resourceVersion: string): object {
  const metadata = { resourceVersion, creationTimestamp: null };
  switch (form) {
    case 'plain':
      return { kind: type.kind, apiVersion: apiVersionOf(type), metadata };
    case 'metadata':
      return { kind: 'PartialObjectMetadata', ...META, metadata };
    case 'table':
      return { kind: 'Table', ...META, metadata: { resourceVersion }, columnDefinitions: columnsOf(type), rows: [] };
  }
}

function tableOf(type: ResourceType, objects: readonly KubeObject[], metadata: ListMeta, now: number): object {
  const rows = objects.map(object => rowOf(type, object, now));
  return { kind: 'Table', ...META, metadata, columnDefinitions: columnsOf(type), rows };
}

function metadataOnly(object: KubeObject): object {
  return { kind: 'PartialObjectMetadata', ...META, metadata: object.metadata };
}

function withoutType({ kind: _kind, apiVersion: _apiVersion, ...rest }: KubeObject): object {
  return rest;
}
