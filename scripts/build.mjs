// Bundles the app into dist/, or --outdir DIR. One entry, several chunks: what a command does not need is not loaded for it.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { bundling } from './bundle.ts';
import { mergeChunks } from './merge-chunks.ts';

const named = process.argv.indexOf('--outdir');
const outdir =
  named < 0 ? new URL('../dist/', import.meta.url).pathname : `${path.resolve(process.argv[named + 1] ?? '')}/`;
await rm(outdir, { recursive: true, force: true });

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));

const result = await build({
  ...bundling,
  entryPoints: { cli: new URL('../cli.tsx', import.meta.url).pathname },
  outdir,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  sourcemap: process.argv.includes('--sourcemap'),
  define: { ...bundling.define, PODID_TUI_VERSION: JSON.stringify(version) },
});
await mergeChunks(
  result.metafile.outputs,
  ['source/start/main.ts', 'source/start/open-app.ts', 'source/start/session.ts'],
  ['source/commands/get.ts', 'source/commands/migrate.ts', 'source/commands/export.ts', 'source/start/print-view.ts'],
);
await chmod(`${outdir}cli.js`, 0o755);

if (process.argv.includes('--metafile')) await writeFile(`${outdir}meta.json`, JSON.stringify(result.metafile));
