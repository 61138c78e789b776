import { PortError } from '../run/ports.ts';

/** One step of a path. A name that would change the path instead of being part of it never gets that far. */
export function segment(name: string): string {
  if (name === '' || name === '.' || name === '..') {
    throw new PortError({ kind: 'invalid', message: `"${name}" is no name of a Kubernetes object.` });
  }
  return encodeURIComponent(name);
}

export const inNamespace = (namespace: string): string => `/namespaces/${segment(namespace)}`;
