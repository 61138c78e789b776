import type { Plugin } from 'esbuild';

/**
 * Functions of Node's own that may be loaded late. A file that imports another one of such a module by its name fails to
 * build; by the whole module all of them are there.
 */
const functions: Readonly<Record<string, readonly string[]>> = {
  assert: [],
  child_process: ['execFileSync', 'fork', 'spawn'],
  crypto: ['createHash', 'randomBytes', 'randomUUID'],
  http: ['get'],
  v8: ['setFlagsFromString'],
};

/** Who is loaded before the first frame; what comes after it may have these modules at once. */
const early =
  /[\\/]source[\\/](files|live|run|start|ui)[\\/]|[\\/]node_modules[\\/](object-hash|signal-exit|terminal-size)[\\/]/;
/** Extends classes of such a module. */
const unlike = /[\\/]source[\\/]run[\\/]network\.ts$/;

const late = 'later';

/**
 * For esbuild: modules of Node's own that take milliseconds to load, and that the first frame needs nothing of, are loaded
 * when one of their functions is called.
 */
export const later: Plugin = {
  name: late,
  setup(build) {
    const filter = new RegExp(`^(node:)?(${Object.keys(functions).join('|')})$`);
    build.onResolve({ filter }, ({ path, importer, kind }) => {
      if (!early.test(importer) || unlike.test(importer)) return undefined;
      const name = path.replace('node:', '');
      return { path: kind === 'require-call' ? `${name}?whole` : name, namespace: late };
    });
    build.onLoad({ filter: /./, namespace: late }, ({ path }) => {
      const [name = '', whole] = path.split('?');
      return { contents: whole === undefined ? byName(name) : `module.exports = ${asWhole(name)};` };
    });
  },
};

const load = (name: string): string => `process.getBuiltinModule('node:${name}')`;

function byName(name: string): string {
  const members = functions[name] ?? [];
  const exported = members.map(
    member => `export function ${member}(...given) { return ${load(name)}.${member}(...given); }`,
  );
  return [...exported, `export default ${asWhole(name)};`].join('\n');
}

/** object-hash looks for `getHashes` as it is loaded, and takes the two usual ones where there is none. */
const asWhole = (name: string): string => `/* @__PURE__ */ new Proxy(function () {}, {
  get: (_, member) => (member === 'getHashes' ? undefined : ${load(name)}[member]),
  apply: (_, self, given) => ${load(name)}(...given),
})`;
