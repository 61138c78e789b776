import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigMode } from '../../../source/files/cluster-config/model.ts';
import { parseClusterConfig } from '../../../source/files/cluster-config/parse.ts';
import { corpus } from './corpus.ts';

/** Made to be expensive to read; they have their own tests. */
const dear = new Set(['bomb.yaml', 'endless.yaml', 'too-large-policy.yaml']);
const texts = [...corpus].flatMap(([name, text]) => (dear.has(name) ? [] : [text]));

/** What people and tools do to a file by mistake, and what YAML takes for more than it looks. */
const scraps = [
  ...[' ', '  ', '\n', '\t', '\r\n', '\u0000', '\ufeff', '\ufffd', '\ud800', '#', '"', "'", ':', ': ', '- ', '-', '?'],
  ...['{', '}', '[', ']', ',', '&a ', '*a', '<<: *a', '!!binary ', '!x ', '|', '>', '---\n', '...\n', '%YAML 1.1\n'],
  ...['null', '~', 'yes', '007', '1e999', '.nan', '2024-01-01', '__proto__: x', 'constructor', 'toString: 1\n'],
];

const edit = fc.record({
  /** Where in the text, as a share of it. */
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.nat({ max: 12 }),
  insert: fc.constantFrom(...scraps, ''),
});

const mutated = fc
  .record({
    text: fc.constantFrom(...texts),
    edits: fc.array(edit, { maxLength: 4 }),
    end: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 }),
  })
  .map(({ text, edits, end }) => {
    const whole = edits.reduce((result, { at, drop, insert }) => {
      const place = Math.floor(at * result.length);
      return result.slice(0, place) + insert + result.slice(place + drop);
    }, text);
    return end === null ? whole : whole.slice(0, Math.floor(end * whole.length));
  });

/** Lines of two files, shuffled into one another. */
const mixed = fc
  .record({
    first: fc.constantFrom(...texts),
    second: fc.constantFrom(...texts),
    seed: fc.infiniteStream(fc.boolean()),
  })
  .map(({ first, second, seed }) => {
    const [left, right] = [first.split('\n'), second.split('\n')];
    const lines: string[] = [];
    for (const takeLeft of seed) {
      const line = (takeLeft ? left : right).shift() ?? left.shift() ?? right.shift();
      if (line === undefined) break;
      lines.push(line);
    }
    return lines.join('\n');
  });

/** Any UTF-16 units, whole characters or not. */
const anyText = fc
  .array(fc.oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0xffff })), { maxLength: 80 })
  .map(units => String.fromCharCode(...units));

const modes: readonly ConfigMode[] = ['create', 'apply', 'update', 'delete', 'get'];
const mode = fc.constantFrom(...modes);

function check(text: string, readAs: ConfigMode): void {
  const result = parseClusterConfig(text, 'cluster.yaml', { mode: readAs });
  if (result.ok) {
    expect(result.value.clusterName).not.toBe('');
    return;
  }
  expect(result.errors.length).toBeGreaterThan(0);
  const lines = text.split('\n').length;
  for (const { line, column, path, message } of result.errors) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message.startsWith(path)).toBe(true);
    expect(message).not.toMatch(/undefined|\[object|[\u0000-\u001f\u007f-\u009f\u202e\ufeff]/);
  }
  const places = result.errors.map(({ line, column }) => line * 1e6 + column);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
}

describe('whatever a file holds', () => {
  it('it is read, or refused with places and printable sentences', () => {
    fc.assert(fc.property(mutated, mode, check), { numRuns: 800 });
  });

  it('so are files that were mixed up', () => {
    fc.assert(fc.property(mixed, mode, check), { numRuns: 200 });
  });

  it('so is any text', () => {
    fc.assert(fc.property(anyText, mode, check), { numRuns: 200 });
  });
});
