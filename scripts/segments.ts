import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** Who divides text as they are loaded, or with each frame. */
const dividing =
  /[\\/]node_modules[\\/](@alcalzone[\\/]ansi-tokenize|ink|slice-ansi|string-width|wrap-ansi)[\\/].*\.js$|[\\/]source[\\/]ui[\\/]text[\\/].*\.ts$/;
const cleaning = /[\\/]node_modules[\\/]ink[\\/]build[\\/]sanitize-ansi\.js$/;
const graphemes = JSON.stringify(fileURLToPath(new URL('./graphemes.ts', import.meta.url)));

/**
 * For esbuild: `graphemes.ts` in place of each `Intl.Segmenter` that frames are drawn with, and ahead of Ink's cleaning of
 * texts, whose patterns know all of Unicode.
 */
export const segments: Plugin = {
  name: 'segments',
  setup(build) {
    build.onLoad({ filter: dividing, namespace: 'file' }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const contents = cleaning.test(file) ? cleaned(source) : divided(source);
      return contents === undefined ? undefined : { contents, loader: path.extname(file) === '.ts' ? 'ts' : 'js' };
    });
  },
};

const divided = (source: string): string | undefined =>
  source.includes('new Intl.Segmenter(')
    ? `import { Graphemes } from ${graphemes};\n${source.replaceAll('new Intl.Segmenter(', 'new Graphemes(')}`
    : undefined;

function cleaned(source: string): string {
  const exported = 'export default sanitizeAnsi;';
  if (!source.includes(exported)) throw new Error('ink/build/sanitize-ansi.js is made in another way: look at it');
  const first = 'export default text => (isHarmless(text) ? text : sanitizeAnsi(text));';
  return `import { isHarmless } from ${graphemes};\n${source.replace(exported, first)}`;
}
