import { isMap } from 'yaml';
import { plainText } from '../../identity/plain-text.ts';
import { subjectText } from '../../identity/scope.ts';
import { type ReadAddon, readAddon } from './addon.ts';
import { readAssociation, readChange, readSubject } from './association.ts';
import { reportRepeats } from './collisions.ts';
import { Entry } from './entry.ts';
import { madeRoles, reportMadeRoles } from './made-roles.ts';
import { readMetadata } from './metadata.ts';
import { reportMisspelled } from './misspelled.ts';
import type { ClusterConfig, ConfigMetadata, ConfigMode, ConfigOf } from './model.ts';
import { type ConfigReader, type Field, type Fields, isEmptyList, isNothing } from './reader.ts';

const listName = 'podIdentityAssociations';

type Context = {
  readonly reader: ConfigReader;
  readonly root: Fields;
  readonly metadata: Partial<ConfigMetadata>;
};

/** Reads what a mode asks for. What is wrong is in the reader's errors; undefined then, at the latest. */
export function readConfig<M extends ConfigMode>(reader: ConfigReader, root: Fields, mode: M): ConfigOf[M] | undefined {
  const metadata = readMetadata(reader, root);
  return byMode[mode]({ reader, root, metadata });
}

const byMode: { readonly [M in ConfigMode]: (context: Context) => ConfigOf[M] | undefined } = {
  get: ({ metadata }) => whole(metadata),
  delete: context => {
    const read = readEntries(context, readSubject);
    const metadata = whole(context.metadata);
    return metadata && { ...metadata, subjects: read.values, origins: { subjects: read.origins } };
  },
  update: context => {
    const read = readEntries(context, readChange);
    const metadata = whole(context.metadata);
    return metadata && { ...metadata, changes: read.values, origins: { changes: read.origins } };
  },
  create: context => readWanted(context, 'create'),
  apply: context => readWanted(context, 'apply'),
};

const whole = ({ clusterName, region, metadataTags }: Partial<ConfigMetadata>): ConfigMetadata | undefined =>
  clusterName !== undefined && region !== undefined && metadataTags ? { clusterName, region, metadataTags } : undefined;

function readWanted(context: Context, mode: 'create' | 'apply'): ClusterConfig | undefined {
  const { reader, metadata } = context;
  const tags = metadata.metadataTags ?? {};
  const { list, told } = listOf(context);
  const associations = readItems(context, list, entry => readAssociation(entry, tags));
  const addons = readAddons(context, autoApplied(context, mode));
  if (mode === 'create' && !told) requireSome(context, list);
  if (mode === 'apply' && !list && addons.length === 0 && reader.errors.length === 0)
    requireSome(context, list, ', or podIdentityAssociations of an add-on: the file says nothing of Pod Identity');
  if (metadata.clusterName !== undefined)
    reportMadeRoles(reader, madeRoles(metadata.clusterName, tags, associations.read, addons));
  const head = whole(metadata);
  return (
    head && {
      ...head,
      listsAssociations: list !== undefined,
      associations: associations.values,
      addons: addons.map(({ addon }) => addon),
      origins: { associations: associations.origins, addons: addons.map(({ field }) => reader.origin(field)) },
    }
  );
}

/** The entries as update and delete read them: without any there is nothing to do. */
function readEntries<T>(context: Context, read: (entry: Entry) => T | undefined) {
  const { list, told } = listOf(context);
  if (!told) requireSome(context, list);
  return readItems(context, list, read);
}

function requireSome({ reader, root }: Context, list: Field | undefined, text = ''): void {
  const iam = root.get('iam');
  if (!list)
    reader.missing(iam && !isNothing(iam) ? iam : { ...reader.root(), path: 'iam' }, listName, `must be set${text}`);
  else if (isEmptyList(list)) reader.error(list, 'must have at least one association');
}

/** The list of associations, when the file has it. Slips for which it would be read past are told. */
function listOf({ reader, root }: Context): { readonly list?: Field; readonly told: boolean } {
  const before = reader.errors.length;
  const misplaced = root.get(listName);
  if (misplaced) reader.error(misplaced, 'must stand below iam', misplaced.keyAt);
  reportMisspelled(reader, root, ['iam', 'addons']);
  const iam = reader.fields(root.get('iam'));
  if (iam) reportMisspelled(reader, iam, [listName]);
  const told = reader.errors.length > before;
  const list = iam?.get(listName);
  return list && !isNothing(list) ? { list, told } : { told };
}

function readItems<T>({ reader, metadata }: Context, list: Field | undefined, read: (entry: Entry) => T | undefined) {
  const entries = (reader.items(list) ?? []).flatMap(item => Entry.read(reader, item, metadata.region) ?? []);
  const found = entries.map(entry => ({ entry, value: read(entry) }));
  reportRepeats(
    reader,
    entries,
    subjectOf,
    entry => entry.field,
    entry => `is for the same service account (${subjectOf(entry)}) as`,
  );
  const kept = found.flatMap(({ entry, value }) => (value === undefined ? [] : [{ entry, value }]));
  return {
    read: kept,
    values: kept.map(({ value }) => value),
    origins: kept.map(({ entry }) => reader.origin(entry.field)),
  };
}

function readAddons({ reader, root, metadata }: Context, autoApply: boolean): readonly ReadAddon[] {
  const items = reader.items(root.get('addons')) ?? [];
  const setting = { region: metadata.region, metadataTags: metadata.metadataTags ?? {}, autoApply };
  const addons = items.flatMap(item => readAddon(reader, item, setting) ?? []);
  reportRepeats(
    reader,
    addons,
    ({ addon }) => addon.name.toLowerCase(),
    ({ field }) => field,
    ({ addon }) => `is for the same add-on (${plainText(addon.name, 60)}) as`,
  );
  for (const { entries } of addons)
    reportRepeats(
      reader,
      entries,
      ({ serviceAccount }) => serviceAccount,
      ({ field }) => field,
      ({ serviceAccount }) => `is for the same service account (${serviceAccount}) as`,
    );
  return addons;
}

/** Whether every add-on that the file makes gets the roles that EKS recommends. `create` makes none. */
function autoApplied({ reader, root }: Context, mode: 'create' | 'apply'): boolean {
  const config = root.get('addonsConfig');
  if (!config || !isMap(config.node)) return false;
  const auto = reader.fields(config)?.get('autoApplyPodIdentityAssociations');
  if (!auto || !reader.flag(auto)) return false;
  if (mode === 'create') reader.warn(auto, 'has no effect here: `apply` makes the add-ons of a file, with their roles');
  return mode === 'apply';
}

const subjectOf = ({ namespace, serviceAccount }: Entry): string | undefined =>
  namespace !== undefined && serviceAccount !== undefined ? subjectText({ namespace, serviceAccount }) : undefined;
