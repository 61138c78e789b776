import { graphemes } from '../text/pad.ts';
import { cleanInput } from '../text/sanitise.ts';

/** One line of text being edited; `caret` counts graphemes. */
export type TextField = { readonly value: string; readonly caret: number };

export const emptyField: TextField = { value: '', caret: 0 };

export const fieldOf = (value: string): TextField => ({ value, caret: graphemes(value).length });

export type FieldEdit =
  | { readonly type: 'insert'; readonly text: string }
  | {
      readonly type:
        | 'backspace'
        | 'delete'
        | 'left'
        | 'right'
        | 'home'
        | 'end'
        | 'delete-word'
        | 'delete-before'
        | 'delete-after';
    };

/** Pure editing; the same object comes back when nothing changes. */
export function editField(field: TextField, edit: FieldEdit): TextField {
  const parts = graphemes(field.value);
  const { caret } = field;
  const set = (next: readonly string[], at: number): TextField => ({
    value: next.join(''),
    caret: Math.max(0, Math.min(next.length, at)),
  });
  switch (edit.type) {
    case 'insert': {
      const text = cleanInput(edit.text);
      if (text === '') return field;
      const before = parts.slice(0, caret).join('') + text;
      return { value: before + parts.slice(caret).join(''), caret: graphemes(before).length };
    }
    case 'backspace':
      return caret === 0 ? field : set([...parts.slice(0, caret - 1), ...parts.slice(caret)], caret - 1);
    case 'delete':
      return caret >= parts.length ? field : set([...parts.slice(0, caret), ...parts.slice(caret + 1)], caret);
    case 'left':
      return caret === 0 ? field : { ...field, caret: caret - 1 };
    case 'right':
      return caret >= parts.length ? field : { ...field, caret: caret + 1 };
    case 'home':
      return caret === 0 ? field : { ...field, caret: 0 };
    case 'end':
      return caret === parts.length ? field : { ...field, caret: parts.length };
    case 'delete-before':
      return caret === 0 ? field : set(parts.slice(caret), 0);
    case 'delete-after':
      return caret >= parts.length ? field : set(parts.slice(0, caret), caret);
    case 'delete-word': {
      let start = caret;
      while (start > 0 && parts[start - 1] === ' ') start -= 1;
      while (start > 0 && parts[start - 1] !== ' ') start -= 1;
      return start === caret ? field : set([...parts.slice(0, start), ...parts.slice(caret)], start);
    }
  }
}

const editKeys: Readonly<Record<string, FieldEdit>> = {
  backspace: { type: 'backspace' },
  delete: { type: 'delete' },
  left: { type: 'left' },
  right: { type: 'right' },
  home: { type: 'home' },
  end: { type: 'end' },
  'ctrl-a': { type: 'home' },
  'ctrl-w': { type: 'delete-word' },
  'ctrl-u': { type: 'delete-before' },
  'ctrl-k': { type: 'delete-after' },
};

/** What a key does to a field that has the focus; undefined: the key is not for editing. */
export const editForKey = (key: string): FieldEdit | undefined => editKeys[key];
