import { isMap } from 'yaml';
import { plainText } from '../../identity/plain-text.ts';
import { type YamlDocument, yamlDocuments } from './documents.ts';
import { checkKind, documentKind } from './metadata.ts';
import type { ConfigError, ConfigMode, ConfigOf, ConfigResult, ParseOptions } from './model.ts';
import { readConfig } from './modes.ts';
import { ConfigReader, type Fields, Unreadable } from './reader.ts';

/**
 * Reads an eksctl ClusterConfig (`eksctl.io/v1alpha5`) for what it says of Pod Identity: `metadata`,
 * `iam.podIdentityAssociations` and what `addons[]` have of it, strictly; everything else is read past. Gives either all
 * of it, or all that is wrong with it; never throws. Nothing is known here but the text: what AWS or the cluster say
 * comes later.
 *
 * @param text the file's, decoded as UTF-8
 * @param file its name, for sentences about the whole; `-` is standard input
 */
export function parseClusterConfig<M extends ConfigMode = 'create'>(
  text: string,
  file: string,
  options: ParseOptions<M> = {},
): ConfigResult<ConfigOf[M]> {
  const name = file === '-' ? 'standard input' : plainText(file, 200);
  const result = yamlDocuments(text, name);
  if (!result.ok) return result;
  const { documents } = result;
  const syntax = documents.flatMap(document => document.syntax);
  if (syntax.length > 0) return failed(syntax);
  try {
    return parsed(documents, name, options.mode ?? ('create' as M));
  } catch (error) {
    if (error instanceof Unreadable) return failed([error.error]);
    throw error;
  }
}

function parsed<M extends ConfigMode>(
  documents: readonly YamlDocument[],
  file: string,
  mode: M,
): ConfigResult<ConfigOf[M]> {
  const lost = documents.flatMap(document => document.lost);
  const chosen = choose(documents, file);
  if ('errors' in chosen) return failed([...lost, ...chosen.errors]);
  const { reader, fields } = chosen;
  const value = checkKind(reader, fields) ? readConfig(reader, fields, mode) : undefined;
  // What a lost alias leaves empty has been told with it.
  const others = reader.errors.filter(
    error => !lost.some(({ line, column }) => error.line === line && error.column === column),
  );
  const errors = [...lost, ...others];
  return value && errors.length === 0 ? { ok: true, value, warnings: reader.warnings } : failed(errors);
}

const failed = (errors: readonly ConfigError[]): { readonly ok: false; readonly errors: readonly ConfigError[] } => ({
  ok: false,
  errors: errors.toSorted((a, b) => a.line - b.line || a.column - b.column),
});

type Mapping = { readonly reader: ConfigReader; readonly fields: Fields };
type Choice = Mapping | { readonly errors: readonly ConfigError[] };

/**
 * The one ClusterConfig of a file. eksctl reads a file's first document and no other; here documents of other kinds are
 * passed over, and what could be meant for this one is not.
 */
function choose(documents: readonly YamlDocument[], file: string): Choice {
  const [first] = documents;
  if (!first) return { errors: [{ line: 1, column: 1, path: '', message: `${file} is empty` }] };
  const errors: ConfigError[] = [];
  const mappings = documents.flatMap(document => {
    const reader = new ConfigReader(document);
    const fields = isMap(document.root) ? reader.fields(reader.root()) : undefined;
    if (fields) return [{ reader, fields }];
    errors.push(at(document, 'this is no ClusterConfig: a mapping with apiVersion, kind and metadata'));
    return [];
  });
  const configs = mappings.filter(({ fields }) => isConfig(fields));
  const [config, second] = configs.length > 0 ? configs : mappings;
  for (const { reader, fields } of documents.length > 1 ? mappings : [])
    if (!isNamed(fields)) errors.push(...told(reader, 'this document has neither apiVersion nor kind'));
  if (configs.length > 1 && second)
    errors.push(...told(second.reader, 'this is a second ClusterConfig: a file has one, for one cluster'));
  return errors.length > 0 || !config ? { errors } : config;
}

const at = (document: YamlDocument, message: string): ConfigError => ({
  ...document.position(document.root?.range?.[0] ?? 0),
  path: '',
  message,
});

/** An error of the document as a whole. */
function told(reader: ConfigReader, message: string): readonly ConfigError[] {
  reader.error(reader.root(), message);
  return reader.errors;
}

const isConfig = (fields: Fields): boolean => {
  const { apiVersion, kind } = documentKind(fields);
  return kind === 'ClusterConfig' || apiVersion.startsWith('eksctl.io/');
};

const isNamed = (fields: Fields): boolean => {
  const { apiVersion, kind } = documentKind(fields);
  return apiVersion !== '' || kind !== '';
};
