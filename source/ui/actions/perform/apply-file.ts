import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ClusterRef } from '../../../identity/scope.ts';
import type { ApplyRequest } from '../../../plan/request.ts';
import { type App, clusterRef, say } from '../../controller/app.ts';
import type { FileRemark, FileReview } from '../../state/file-review.ts';
import { push } from '../../state/navigation.ts';
import { newReview } from '../../state/state.ts';
import { clean } from '../../text/sanitise.ts';
import { openReview } from './review.ts';

/** Reads an eksctl ClusterConfig and shows what it comes to: a plan to approve, or all that is wrong with it. */
export async function applyFile(app: App, path: string): Promise<void> {
  const read = await readConfig(app, path);
  if (app.ended.signal.aborted) return;
  if ('request' in read) return openReview(app, read.cluster, read.request, read.file);
  app.sessions.drop('review');
  app.store.update(state =>
    push({ ...state, file: read.file, review: newReview(app.clock.now()) }, { kind: 'review' }),
  );
}

type Read =
  | { readonly file: FileReview }
  | { readonly file: FileReview; readonly cluster: ClusterRef; readonly request: ApplyRequest };

async function readConfig(app: App, path: string): Promise<Read> {
  const refused = (problems: readonly FileRemark[], warnings: readonly FileRemark[] = []): Read => ({
    file: { path, problems, warnings, listsAssociations: false },
  });
  const whole = (message: string): Read => refused([{ line: 0, column: 0, message }]);
  const text = await contentOf(app, path);
  if ('problem' in text) return whole(text.problem);
  // Loaded when it is needed: nothing else of the app reads YAML.
  const { parseClusterConfig } = await import('../../../files/cluster-config/parse.ts');
  const parsed = parseClusterConfig(text.content, path, { mode: 'apply' });
  if (!parsed.ok) return refused(parsed.errors);
  const { clusterName, region, listsAssociations, associations, addons } = parsed.value;
  const found = clusterOf(app, clusterName, region);
  if ('problem' in found) return whole(found.problem);
  return {
    file: { path, problems: [], warnings: parsed.warnings, listsAssociations },
    cluster: found.cluster,
    request: { command: 'apply', associations, addons, prune: false },
  };
}

/** A file as the user writes its path; `~` is their home. */
const placeOf = (app: App, path: string): string =>
  path === '~' || path.startsWith('~/') ? join(app.environment.HOME ?? '~', path.slice(1)) : path;

async function contentOf(app: App, path: string): Promise<{ readonly content: string } | { readonly problem: string }> {
  try {
    return { content: await readFile(placeOf(app, path), 'utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { problem: `${path} cannot be read: ${reasons[code] ?? (code || String(error))}` };
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of its path is no folder',
  EACCES: 'you may not read it',
};

/** The cluster that a file is about: of those in scope, by name and region. */
function clusterOf(
  app: App,
  name: string,
  region: string,
): { readonly cluster: ClusterRef } | { readonly problem: string } {
  const rows = app.model.clusters();
  const found = rows.filter(row => row.name === name && row.region === region);
  const [only] = found;
  if (only && found.length === 1) return { cluster: clusterRef(only.id) };
  if (only) return { problem: `several clusters in scope are called ${name} in ${region}: start with one --profile` };
  const there = rows.map(row => `${row.name} (${row.region})`).join(', ');
  return { problem: `no cluster ${name} in ${region} is in scope; there is ${there || 'none'}` };
}

/** Goes on with a path that was begun, as far as only one thing can follow; else says what could. */
export async function completePath(app: App, begun: string): Promise<string | undefined> {
  const inFolder = begun.endsWith('/') || begun === '';
  const folder = inFolder ? begun || '.' : dirname(begun);
  const start = inFolder ? '' : basename(begun);
  const entries = await readdir(placeOf(app, folder), { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter(({ name }) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')))
    .map(entry => entry.name + (entry.isDirectory() ? '/' : ''))
    .sort();
  const [first] = names;
  if (first === undefined) return undefined;
  const common = names.reduce((a, b) => commonStart(a, b));
  if (names.length > 1 && common === start) say(app, 'info', names.slice(0, 8).map(clean).join('  '));
  return begun.slice(0, begun.length - start.length) + common;
}

function commonStart(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a.charAt(end) === b.charAt(end)) end += 1;
  return a.slice(0, end);
}
