import { type Flags, on, oneOf, parseFlags, text, UsageError, type Values } from '../commands/command.ts';
import { connectionFlags } from '../commands/connect.ts';
import { type ThemeName, themeNames } from '../ui/theme/theme.ts';
import { chosenSandbox, sandboxFlags } from './sandbox-options.ts';

const flags = {
  ...connectionFlags,
  ...sandboxFlags,
  sandbox: { type: 'boolean' },
  cluster: { type: 'string', short: 'c' },
  once: { type: 'boolean' },
  offline: { type: 'boolean' },
  'all-profiles': { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  'no-color': { type: 'boolean' },
  theme: { type: 'string' },
  ascii: { type: 'boolean' },
  'no-motion': { type: 'boolean' },
  linear: { type: 'boolean' },
  view: { type: 'string' },
  'read-only': { type: 'boolean' },
  'reset-terminal': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const satisfies Flags;

export const onceViews = ['clusters', 'namespaces', 'service-accounts', 'associations', 'roles'] as const;

export type OnceView = (typeof onceViews)[number];

/** What `podid-tui` without a command was asked for. */
export type AppOptions = {
  /** Flags of the sandbox; absent: the real world. */
  readonly sandbox?: readonly string[];
  readonly once: boolean;
  /** The last seen picture alone; nothing is called. */
  readonly offline: boolean;
  /** Every profile of the shared configuration. */
  readonly allProfiles: boolean;
  readonly output: 'text' | 'json';
  readonly cluster?: string;
  /** What is printed once; absent: the clusters, or the service accounts of `cluster`. */
  readonly view?: OnceView;
  /** Over what the preferences say. */
  readonly theme?: ThemeName;
  readonly ascii: boolean;
  readonly noMotion: boolean;
  /** Lines instead of screens. */
  readonly linear: boolean;
  readonly noColor: boolean;
  /** Nothing may be changed until the user says otherwise. */
  readonly readOnly: boolean;
  /** Only give a terminal back that a killed process has left behind. */
  readonly resetTerminal: boolean;
  readonly help: boolean;
  readonly version: boolean;
  readonly values: Values;
};

/** @throws UsageError */
export function appOptions(argv: readonly string[]): AppOptions {
  const values = parseFlags(argv, flags);
  const sandbox = chosenSandbox(values);
  const cluster = text(values, 'cluster');
  if (on(values, 'offline') && sandbox)
    throw new UsageError('--offline shows what was seen before; a sandbox is a new world');
  if (on(values, 'all-profiles') && text(values, 'profile'))
    throw new UsageError('--all-profiles and --profile exclude each other');
  const view = text(values, 'view') && oneOf(values, 'view', onceViews, 'clusters');
  if (view === 'clusters' && cluster) throw new UsageError('--view clusters is of every cluster: leave --cluster out');
  if ((view === 'namespaces' || view === 'roles') && !cluster)
    throw new UsageError(`--view ${view} is of one cluster: name it with --cluster`);
  const theme = text(values, 'theme') && oneOf(values, 'theme', themeNames, 'dark');
  return {
    once: on(values, 'once') || text(values, 'output') !== undefined || view !== undefined,
    offline: on(values, 'offline'),
    allProfiles: on(values, 'all-profiles'),
    output: oneOf(values, 'output', ['text', 'json'], 'text'),
    ascii: on(values, 'ascii'),
    noMotion: values['no-motion'] === true || values.motion === false,
    linear: on(values, 'linear'),
    noColor: values['no-color'] === true || values.color === false,
    readOnly: on(values, 'read-only'),
    resetTerminal: on(values, 'reset-terminal'),
    help: on(values, 'help'),
    version: on(values, 'version'),
    values,
    ...(cluster ? { cluster } : {}),
    ...(view ? { view } : {}),
    ...(theme ? { theme } : {}),
    ...(sandbox ? { sandbox } : {}),
  };
}
