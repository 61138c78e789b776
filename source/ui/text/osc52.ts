/** Terminals drop longer sequences; the limit that k9s and others keep to, of encoded bytes. */
const most = 74_994;

const esc = '\u001b';

/**
 * The sequence that has a terminal put text on its clipboard (OSC 52), also over SSH; inside tmux and screen wrapped so
 * that they pass it on (tmux: with `allow-passthrough` or `set-clipboard on`).
 *
 * @returns undefined when the text is longer than terminals take
 */
export function clipboardSequence(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const encoded = Buffer.from(text, 'utf8').toString('base64');
  if (encoded.length > most) return undefined;
  const sequence = `${esc}]52;c;${encoded}\u0007`;
  if (environment.TMUX) return `${esc}Ptmux;${sequence.replaceAll(esc, esc + esc)}${esc}\\`;
  if (environment.STY) return `${esc}P${sequence}${esc}\\`;
  return sequence;
}
