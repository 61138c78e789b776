import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';

/** Outputs by their path, relative to the working directory. */
type Outputs = Metafile['outputs'];

/** The output that holds an entry point of ours, or one that is loaded on demand. */
function outputOf(outputs: Outputs, entry: string): string {
  const found = Object.keys(outputs).find(output => outputs[output]?.entryPoint?.endsWith(entry));
  if (!found) throw new Error(`nothing was built of ${entry}`);
  return found;
}

/** What is loaded before a module of that output is evaluated, itself among it. */
function loadedWith(outputs: Outputs, output: string, seen = new Set<string>()): Set<string> {
  if (seen.has(output)) return seen;
  seen.add(output);
  for (const { path: imported, kind, external } of outputs[output]?.imports ?? [])
    if (kind === 'import-statement' && !external) loadedWith(outputs, imported, seen);
  return seen;
}

/**
 * Makes one file of what is loaded together at the start: to find, read and link a file takes Node half a millisecond, and
 * the bundler makes some forty of what the first frame needs. Three files come of it: what every command begins with, what
 * the app shares with commands, and the app. In place of a chunk a file stays behind that passes on what it exported.
 *
 * @param steps entry points that the start loads one after the other
 * @param others entry points that must not load what only the last step needs
 */
export async function mergeChunks(outputs: Outputs, steps: readonly string[], others: readonly string[]) {
  const front = loadedWith(outputs, outputOf(outputs, 'cli.tsx'));
  const all = (entries: readonly string[]) =>
    new Set(entries.flatMap(entry => [...loadedWith(outputs, outputOf(outputs, entry))]));
  const without = (some: ReadonlySet<string>, ...less: readonly ReadonlySet<string>[]) =>
    new Set([...some].filter(output => !less.some(set => set.has(output))));
  const first = without(all(steps.slice(0, -1)), front);
  const rest = without(all(steps.slice(-1)), front, first);
  const own = without(rest, all(others));
  const shared = without(rest, own);
  const entries = new Set(steps.map(step => outputOf(outputs, step)));
  const merged: string[] = [];
  for (const [name, chunks] of Object.entries({ first, shared, app: own }))
    merged.push(await merge(outputs, name, chunks, entries));
  const scripts = Object.keys(outputs).filter(output => output.endsWith('.js'));
  const found = new Set<string>();
  for (const script of [...scripts, ...merged])
    for (const entry of await loadDirectly(script, entries)) found.add(entry);
  for (const entry of entries) if (!found.has(entry)) throw new Error(`nothing loads ${entry} on demand`);
}

/** Names in the merged file: an entry's are its own, another chunk's bear its name. */
const nameIn = (chunk: string, name: string, entries: ReadonlySet<string>): string =>
  entries.has(chunk) ? name : `${path.parse(chunk).name.replaceAll(/\W/g, '_')}_${name}`;

/** Writes the merged file and what passes it on. @returns its path */
async function merge(
  outputs: Outputs,
  name: string,
  chunks: ReadonlySet<string>,
  entries: ReadonlySet<string>,
): Promise<string> {
  const within = new Set([...chunks].map(chunk => path.resolve(chunk)));
  const directory = path.dirname([...within][0] ?? '');
  const exportsOf = (chunk: string) =>
    (outputs[chunk]?.exports ?? []).map(member => [member, nameIn(chunk, member, entries)]);
  const contents = [...chunks].map(chunk => {
    const members = exportsOf(chunk).map(([member, renamed]) => `${member} as ${renamed}`);
    return `export { ${members.join(', ')} } from './${path.basename(chunk)}';`;
  });
  const merged = path.join(directory, `${name}.js`);
  await build({
    stdin: { contents: contents.join('\n'), resolveDir: directory },
    outfile: merged,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'esnext',
    logLevel: 'warning',
    plugins: [
      {
        name: 'outside',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^\./ }, ({ path: imported, resolveDir, kind }) =>
            kind === 'import-statement' && within.has(path.resolve(resolveDir, imported))
              ? undefined
              : { path: imported, external: true },
          );
        },
      },
    ],
  });
  for (const chunk of chunks) {
    const members = exportsOf(chunk).map(([member, renamed]) => `${renamed} as ${member}`);
    await writeFile(chunk, `export { ${members.join(', ')} } from './${name}.js';\n`);
  }
  return merged;
}

/** Whoever loads an entry on demand loads the merged file, not what passes it on. @returns the entries that it loads */
async function loadDirectly(script: string, entries: ReadonlySet<string>): Promise<readonly string[]> {
  const found: string[] = [];
  let text = await readFile(script, 'utf8');
  for (const entry of entries) {
    const passedOn = /from '(\.\/\w+\.js)';\n$/.exec(await readFile(entry, 'utf8'))?.[1];
    if (!passedOn) throw new Error(`${entry} was not merged`);
    const directory = path.dirname(path.relative(path.dirname(script), entry));
    const [before, after] = [path.basename(entry), passedOn.slice(2)].map(
      file => `import("./${path.posix.join(directory, file)}")`,
    );
    if (!before || !after || !text.includes(before)) continue;
    text = text.replaceAll(before, after);
    found.push(entry);
  }
  await writeFile(script, text);
  return found;
}
