import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editField, emptyField, type FieldEdit, fieldOf } from '../../../source/ui/state/text-field.ts';
import { graphemes } from '../../../source/ui/text/pad.ts';

const edits: readonly FieldEdit['type'][] = [
  'backspace',
  'delete',
  'left',
  'right',
  'home',
  'end',
  'delete-word',
  'delete-before',
  'delete-after',
];

describe('a text field', () => {
  it('edits around the caret', () => {
    const field = ['left', 'backspace'].reduce((now, type) => editField(now, { type } as FieldEdit), fieldOf('abc'));
    expect(editField(field, { type: 'insert', text: 'X' })).toEqual({ value: 'aXc', caret: 2 });
    expect(editField(fieldOf('one two'), { type: 'delete-word' })).toEqual({ value: 'one ', caret: 4 });
  });

  it('takes a whole grapheme as one character', () => {
    expect(editField(fieldOf('ae\u0301'), { type: 'backspace' })).toEqual({ value: 'a', caret: 1 });
  });

  it('keeps control characters out', () => {
    expect(editField(emptyField, { type: 'insert', text: 'a\u001b[2Jb\u202e\r\nc' }).value).toBe('a[2Jb c');
  });

  it('keeps the caret inside and the text whole, whatever is done', () => {
    const edit = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 5 }).map((text): FieldEdit => ({ type: 'insert', text })),
      fc.constantFrom(...edits).map(type => ({ type }) as FieldEdit),
    );
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 40 }), list => {
        const field = list.reduce(editField, emptyField);
        expect(field.caret).toBeGreaterThanOrEqual(0);
        expect(field.caret).toBeLessThanOrEqual(graphemes(field.value).length);
        expect(field.value).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });

  it('undoes an insertion of plain text by as many backspaces', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{0,12}$/), fc.stringMatching(/^[a-z]{1,6}$/), (start, text) => {
        let field = editField(fieldOf(start), { type: 'insert', text });
        for (const _ of text) field = editField(field, { type: 'backspace' });
        expect(field).toEqual(fieldOf(start));
      }),
    );
  });
});
