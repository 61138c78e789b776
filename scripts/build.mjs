// Bundles the app into dist/, or --outdir DIR. One entry, several chunks: what a command does not need is not loaded for it.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { inkRows } from './ink-rows.ts';

const named = process.argv.indexOf('--outdir');
const outdir =
  named < 0 ? new URL('../dist/', import.meta.url).pathname : `${path.resolve(process.argv[named + 1] ?? '')}/`;
await rm(outdir, { recursive: true, force: true });

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));

const result = await build({
  entryPoints: { cli: new URL('../cli.tsx', import.meta.url).pathname },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  jsx: 'automatic',
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  logLevel: 'warning',
  sourcemap: process.argv.includes('--sourcemap'),
  // Development React is three times slower to reconcile.
  define: { 'process.env.NODE_ENV': '"production"', PODID_TUI_VERSION: JSON.stringify(version) },
  // Ink loads its devtools only in development; an `external` would be hoisted into a static import that fails.
  // The width of what our frames are made of is told without the pattern of all emoji.
  alias: {
    'react-devtools-core': new URL('./empty-module.mjs', import.meta.url).pathname,
    'string-width': new URL('./string-width.ts', import.meta.url).pathname,
  },
  // A step of the cursor draws the rows that it changes.
  plugins: [inkRows],
  // CommonJS packages inside the bundle call `require` for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});
await chmod(`${outdir}cli.js`, 0o755);

if (process.argv.includes('--metafile')) await writeFile(`${outdir}meta.json`, JSON.stringify(result.metafile));
