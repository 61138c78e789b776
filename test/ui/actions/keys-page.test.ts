import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { keysPage } from '../../../source/ui/actions/keys-page.ts';

it('the page of keys says what the app does: node scripts/keys-page.ts', () => {
  expect(readFileSync(new URL('../../../docs/keys.md', import.meta.url), 'utf8')).toBe(keysPage());
});
