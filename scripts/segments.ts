import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** Who divides text as they are loaded, or with each frame. */
const dividing =
  /[\\/]node_modules[\\/](@alcalzone[\\/]ansi-tokenize|ink|slice-ansi|string-width|wrap-ansi)[\\/].*\.js$|[\\/]source[\\/]ui[\\/]text[\\/].*\.ts$/;
const cleaning = /[\\/]node_modules[\\/]ink[\\/]build[\\/]sanitize-ansi\.js$/;
const graphemes = JSON.stringify(fileURLToPath(new URL('./graphemes.ts', import.meta.url)));

/** What each frame goes through. Where one of them does not divide as expected any more, this is to be looked at. */
const expected = ['@alcalzone/ansi-tokenize', 'ink', 'slice-ansi', 'string-width', 'wrap-ansi'] as const;

/**
 * For esbuild: `graphemes.ts` in place of each `Intl.Segmenter` that frames are drawn with, and ahead of Ink's cleaning of
 * texts, whose patterns know all of Unicode.
 */
export const segments: Plugin = {
  name: 'segments',
  setup(build) {
    const missing = new Set<string>([...expected, 'sanitize-ansi.js']);
    build.onLoad({ filter: dividing, namespace: 'file' }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const isCleaning = cleaning.test(file);
      const contents = isCleaning ? cleaned(source) : divided(source, file);
      if (contents === undefined) return undefined;
      const where = file.replaceAll('\\', '/');
      missing.delete(
        isCleaning ? path.basename(file) : (expected.find(name => where.includes(`/node_modules/${name}/`)) ?? ''),
      );
      return { contents, loader: path.extname(file) === '.ts' ? 'ts' : 'js' };
    });
    build.onEnd(() => ({
      errors: [...missing].map(name => ({ text: `nothing that divides text was replaced in ${name}` })),
    }));
  },
};

/** One without anything said divides by graphemes (ECMA-402, Intl.Segmenter). */
const byGraphemes = /new Intl\.Segmenter\((?:\w+, \{ ?granularity: ["']grapheme["'] ?\})?\)/g;

/** @throws where text is divided in another way than `Graphemes` does */
export function divided(source: string, file: string): string | undefined {
  const rest = source.replaceAll(byGraphemes, 'new Graphemes()');
  if (/\bSegmenter\(/.test(rest)) throw new Error(`${file} divides text in another way: look at it`);
  return rest === source ? undefined : `import { Graphemes } from ${graphemes};\n${rest}`;
}

function cleaned(source: string): string {
  const exported = 'export default sanitizeAnsi;';
  if (!source.includes(exported)) throw new Error('ink/build/sanitize-ansi.js is made in another way: look at it');
  const first = 'export default text => (isHarmless(text) ? text : sanitizeAnsi(text));';
  return `import { isHarmless } from ${graphemes};\n${source.replace(exported, first)}`;
}
