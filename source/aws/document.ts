/**
 * IAM sends documents percent-encoded after RFC 3986 (API reference, Role); some compatible services send them plain.
 * JSON text begins with a brace, which is never left as it is by the encoding, so the two are told apart for certain.
 * What cannot be decoded stays as received.
 */
export function decodeDocument(document: string): string {
  if (/^\s*[{["]/.test(document)) return document;
  try {
    return decodeURIComponent(document);
  } catch {
    return document;
  }
}
