/** JSON patch, RFC 6902. Pure: what it is given stays as it is. */
import { define, isFields } from './shapes.ts';

/** `malformed`: not a patch at all. `inapplicable`: a patch that does not fit what it is applied to. */
export class JsonPatchError extends Error {
  readonly kind: 'malformed' | 'inapplicable';

  constructor(kind: 'malformed' | 'inapplicable', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** All operations or, by throwing `JsonPatchError`, none. */
export function jsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations)) {
    throw new JsonPatchError('malformed', 'json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  return operations.reduce((value: unknown, operation: unknown) => applyOperation(value, operation), target);
}

function applyOperation(target: unknown, operation: unknown): unknown {
  if (!isFields(operation) || typeof operation.path !== 'string') {
    throw inapplicable('an operation is an object with a path');
  }
  const path = tokens(operation.path);
  switch (operation.op) {
    case 'add':
      return add(target, path, given(operation.value));
    case 'remove':
      return removeAt(target, path);
    case 'replace':
      return replaceAt(target, path, given(operation.value));
    case 'copy':
      return add(target, path, read(target, tokens(operation.from)));
    case 'move': {
      const from = tokens(operation.from);
      return add(removeAt(target, from), path, read(target, from));
    }
    case 'test':
      if (same(read(target, path), given(operation.value))) {
        return target;
      }
      throw inapplicable(`testing value ${operation.path} failed`);
    default:
      throw inapplicable(`unexpected kind: ${String(operation.op)}`);
  }
}

function add(target: unknown, path: readonly string[], value: unknown): unknown {
  return change(
    target,
    path,
    (parent, key) => {
      if (Array.isArray(parent)) {
        const index = key === '-' ? parent.length : position(key, parent.length);
        return parent.toSpliced(index, 0, value);
      }
      return define({ ...parent }, key, value);
    },
    value,
  );
}

function removeAt(target: unknown, path: readonly string[]): unknown {
  return change(
    target,
    path,
    (parent, key) => {
      if (Array.isArray(parent)) {
        return parent.toSpliced(position(key, parent.length - 1), 1);
      }
      return Object.fromEntries(Object.entries(existing(parent, key)).filter(([name]) => name !== key));
    },
    null,
  );
}

function replaceAt(target: unknown, path: readonly string[], value: unknown): unknown {
  return change(
    target,
    path,
    (parent, key) => {
      if (Array.isArray(parent)) {
        return parent.with(position(key, parent.length - 1), value);
      }
      return define({ ...existing(parent, key) }, key, value);
    },
    value,
  );
}

type Parent = unknown[] | Record<string, unknown>;

/** Rebuilds the values on the way to the last token, where `edit` makes the change. `root` replaces everything. */
function change(
  target: unknown,
  path: readonly string[],
  edit: (parent: Parent, key: string) => unknown,
  root: unknown,
): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    return root;
  }
  if (!Array.isArray(target) && !isFields(target)) {
    throw inapplicable(`nothing at ${key}`);
  }
  if (rest.length === 0) {
    return edit(target, key);
  }
  const child = change(read(target, [key]), rest, edit, root);
  return Array.isArray(target)
    ? target.with(position(key, target.length - 1), child)
    : define({ ...target }, key, child);
}

function read(target: unknown, path: readonly string[]): unknown {
  return path.reduce((value: unknown, key) => {
    if (Array.isArray(value)) {
      return value[position(key, value.length - 1)];
    }
    if (!isFields(value)) {
      throw inapplicable(`nothing at ${key}`);
    }
    return existing(value, key)[key];
  }, target);
}

function existing(parent: Record<string, unknown>, key: string): Record<string, unknown> {
  if (!Object.hasOwn(parent, key)) {
    throw inapplicable(`unable to find ${key}`);
  }
  return parent;
}

function position(key: string, greatest: number): number {
  if (!/^(0|[1-9]\d*)$/u.test(key) || Number(key) > greatest) {
    throw inapplicable(`no index ${key}`);
  }
  return Number(key);
}

/** JSON pointer, RFC 6901. */
function tokens(pointer: unknown): string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) {
    throw inapplicable('a path begins with a slash');
  }
  return pointer
    .split('/')
    .slice(1)
    .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The API server takes a value that is left out as null. */
function given(value: unknown): unknown {
  return value ?? null;
}

function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  }
  if (isFields(left) && isFields(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every(key => Object.hasOwn(right, key) && same(left[key], right[key]))
    );
  }
  return left === right;
}

function inapplicable(message: string): JsonPatchError {
  return new JsonPatchError('inapplicable', message);
}
