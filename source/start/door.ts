/**
 * Through which door a sitting sees the world: who calls, where, by which settings. Known before any call, so that the
 * last picture seen through the same door can be shown at once; whose account it is, STS tells later.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of the SDK that decide whom and what it reaches. Their values are only ever hashed. */
const deciding =
  /^(AWS_(PROFILE|REGION|DEFAULT_REGION|ACCESS_KEY_ID|ROLE_ARN|CONFIG_FILE|SHARED_CREDENTIALS_FILE|CONTAINER_\w+|ENDPOINT_URL\w*)|KUBECONFIG)$/;

/** Flags that change what is shown, not the world. */
const display = new Set(['--offline', '--no-color', '--no-colour', '--ascii', '--no-motion', '--linear']);

/**
 * A name for the door that can be a directory's. Undefined in the sandbox, which is a new world at each start.
 *
 * @param argv the command line of the app
 */
export function doorOf(argv: readonly string[], environment: Environment): string | undefined {
  if (argv.some(word => word === '--sandbox' || word.startsWith('--sandbox='))) return undefined;
  const words = argv.filter(word => !display.has(word));
  const settings = Object.keys(environment)
    .filter(name => deciding.test(name))
    .sort()
    .map(name => `${name}=${environment[name]}`);
  const text = JSON.stringify([words, settings]);
  return `${hash(text, 0x811c9dc5)}${hash(text, 0x01000193)}`;
}

/** FNV-1a, 32 bits, in hexadecimal: enough to tell apart a user's few doors, without loading a crypto library. */
function hash(text: string, seed: number): string {
  let value = seed;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value.toString(16).padStart(8, '0');
}

/** Where the pictures of a door are kept; undefined where no home is known. */
export function pictureDirectory(door: string, environment: Environment): string | undefined {
  const { XDG_STATE_HOME: state, HOME: home } = environment;
  const base = state?.startsWith('/') ? state : home ? `${home}/.local/state` : undefined;
  return base && `${base}/podid-tui/pictures/${door}`;
}
