/**
 * Text from AWS, Kubernetes, files and plugins may hold anything. Whatever of it reaches a terminal or a message passes
 * through here. Facts themselves (names, labels, documents) stay as they are.
 */

const ascii = /^[\x20-\x7e]*$/;

/** Control and format characters, direction overrides, zero-width and tag characters, lone surrogates. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** What a token of EKS, a JWT, an access key, a signature or an Authorization header looks like. */
const secrets: readonly RegExp[] = [
  /\b(x-amz-security-token|x-amz-signature|x-amz-credential|authorization|signature)(["']?\s*[:=]\s*["']?)[^\s"'&,;]+/gi,
  /()()\bk8s-aws-v1\.[\w-]+/g,
  /\b(AKIA|ASIA)()[A-Z0-9]{12,}/g,
  /\b(eyJ)()[\w-]{10,}(?:\.[\w-]+)*/g,
  /\b(Bearer)(\s+)\S+/g,
];

/** One line, safe to print: what could drive a terminal or disguise text becomes one visible sign. */
export const printable = (text: string): string => (ascii.test(text) ? text : text.replace(unsafe, '\ufffd'));

/** What a paste or a burst may put into a field of one line: line breaks and tabs become spaces, the rest is dropped. */
export const typed = (text: string): string => text.replace(/[\r\n\t]+/g, ' ').replace(unsafe, '');

/**
 * Foreign text as part of a sentence of ours: one line, white space collapsed, escape sequences and unsafe characters
 * gone, anything that looks like a secret taken out, at most `limit` characters.
 */
export function plainText(text: string, limit = 400): string {
  const line = text
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/\s+/g, ' ')
    .replace(unsafe, '')
    .trim();
  const clean = secrets.reduce((result, pattern) => result.replace(pattern, '$1$2***'), line);
  return clean.length > limit ? `${clean.slice(0, limit - 1).trimEnd()}…` : clean;
}
