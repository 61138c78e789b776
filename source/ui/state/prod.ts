const word = /(^|[^a-z])(prod|production|prd)([^a-z]|$)/i;
const not = /(non|pre|no)[-_. ]?(prod|prd)/i;

const looksProd = (text: string): boolean => word.test(text) && !not.test(text);

/**
 * Whether a cluster counts as production: its name says so, or a tag for its environment does. Being wrong here costs
 * a typed word; so `prod` anywhere as a word of its own is enough.
 */
export const isProd = (name: string, tags: Readonly<Record<string, string>> = {}): boolean =>
  looksProd(name) ||
  Object.entries(tags).some(
    ([key, value]) => /^(.*[:/_-])?(env|environment|stage|tier)$/i.test(key) && looksProd(value),
  );
