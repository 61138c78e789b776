const production = /(^|[^a-z])(prod|production|prd)([^a-z]|$)/i;
const negated = /(non|pre|no)[-_. ]?(prod|prd)/i;
/** Words for what is not production, as names and tags have them. */
const others =
  /(^|[^a-z])(dev|develop|development|test|testing|qa|uat|stg|stage|staging|sandbox|demo|preview|nonprod|preprod)([^a-z]|$)/i;

const environmentKey = /^(.*[:/_-])?(env|environment|stage|tier)$/i;

/** Whether a text names an environment, and if so whether that is production. */
function saysProd(text: string): boolean | undefined {
  if (negated.test(text)) return false;
  if (production.test(text)) return true;
  return others.test(text) ? false : undefined;
}

/**
 * Whether a cluster counts as production, without anything set up for it. Its name and its tags for an environment come
 * first: production if any of them says so, not if one names another environment. Where they are silent the alias of its
 * account decides. Being wrong costs a typed word; so `prod` anywhere as a word of its own is enough.
 */
export function isProd(name: string, tags: Readonly<Record<string, string>> = {}, alias?: string): boolean {
  const said = [
    saysProd(name),
    ...Object.entries(tags).flatMap(([key, value]) => (environmentKey.test(key) ? [saysProd(value)] : [])),
  ];
  if (said.includes(true)) return true;
  return !said.includes(false) && alias !== undefined && accountIsProd(alias);
}

/** Whether an account counts as production by its alias. */
export const accountIsProd = (alias: string): boolean => saysProd(alias) === true;
