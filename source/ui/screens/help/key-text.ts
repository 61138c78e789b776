const shown: Readonly<Record<string, string>> = { pagedown: 'pgdn', pageup: 'pgup' };

/** `ctrl-f` and so on as people read them; capitals are shift. */
export const keyText = (key: string): string =>
  shown[key] ?? (/^[A-Z]$/.test(key) ? `shift-${key.toLowerCase()}` : key);
