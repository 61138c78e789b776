import { plainText } from '../../identity/plain-text.ts';
import { clusterNameProblem, regionProblem } from './checks.ts';
import { readTags } from './entry.ts';
import type { ConfigMetadata } from './model.ts';
import { type ConfigReader, type Fields, isNothing } from './reader.ts';

const apiVersion = 'eksctl.io/v1alpha5';
const kind = 'ClusterConfig';

/** What a document says it is; empty where it does not say. Nothing is reported. */
export function documentKind(fields: Fields): { readonly apiVersion: string; readonly kind: string } {
  const text = (name: string) => {
    const node = fields.get(name)?.node;
    return node && 'value' in node && typeof node.value === 'string' ? node.value : '';
  };
  return { apiVersion: text('apiVersion'), kind: text('kind') };
}

/** Reports a wrong or missing `apiVersion` or `kind`. False: it is another kind of document, not to be read on. */
export function checkKind(reader: ConfigReader, fields: Fields): boolean {
  const wanted = { apiVersion, kind };
  let same = true;
  for (const [name, value] of Object.entries(wanted)) {
    const field = fields.get(name);
    if (!field || isNothing(field)) {
      reader.missing(reader.root(), name, `must be set to ${value}`);
      continue;
    }
    const text = reader.text(field);
    if (text === value) continue;
    if (text !== undefined) reader.error(field, `must be ${value}, not "${plainText(text, 60)}"`);
    same = false;
  }
  return same;
}

/** The cluster that a file is for. Missing or wrong parts are reported, and undefined here. */
export function readMetadata(reader: ConfigReader, root: Fields): Partial<ConfigMetadata> {
  const field = root.get('metadata');
  if (!field || isNothing(field)) {
    reader.missing(reader.root(), 'metadata', 'must be set: the name and the region of the cluster');
    return {};
  }
  const fields = reader.fields(field);
  if (!fields) return {};
  const read = (name: string, problemOf: (text: string) => string | undefined): string | undefined => {
    const place = fields.get(name);
    const text = reader.text(place);
    if (!place || isNothing(place) || text === '') reader.missing(field, name);
    if (text === undefined || text === '' || !place) return undefined;
    const problem = problemOf(text);
    if (problem) reader.error(place, problem);
    return problem ? undefined : text;
  };
  const clusterName = read('name', clusterNameProblem);
  const region = read('region', regionProblem);
  const metadataTags = readTags(reader, fields.get('tags'));
  return {
    ...(clusterName !== undefined && { clusterName }),
    ...(region !== undefined && { region }),
    metadataTags: metadataTags ?? {},
  };
}
