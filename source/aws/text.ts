/** Longest service text that is quoted; trust documents and packed policies can be echoed back whole. */
const longest = 400;

const secrets: readonly RegExp[] = [
  /\b(x-amz-security-token|x-amz-signature|x-amz-credential|authorization|signature)(["']?\s*[:=]\s*["']?)[^\s"'&,;]+/gi,
  /\b(k8s-aws-v1\.)()[\w-]+/g,
  /\b(AKIA|ASIA)()[A-Z0-9]{12,}/g,
];

/**
 * Foreign text as one line that is safe to show: control, format and bidirectional characters gone, white space
 * collapsed, anything that looks like a key, token or signature taken out, and cut at 400 characters.
 */
export function plainText(text: string): string {
  const printable = text
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .trim();
  const clean = secrets.reduce((result, pattern) => result.replace(pattern, '$1$2***'), printable);
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}

/** The same, ending like a sentence. */
export function plainSentence(text: string): string {
  const line = plainText(text);
  return line === '' || /[.!?…]$/.test(line) ? line : `${line}.`;
}
