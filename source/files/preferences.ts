import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Conf from 'conf';

/** What the file holds: whoever reads it checks what it says, since anybody may have edited it. */
export type PreferenceValues = Readonly<Record<string, unknown>>;

export type PreferencesFile = {
  readonly path: string;
  /** Everything in the file; nothing where there is none yet. Rejects when it is there and cannot be read or parsed. */
  read(): Promise<PreferenceValues>;
  /** Sets these keys and keeps all others. Rejects when it cannot be written; the file is then as it was. */
  save(patch: PreferenceValues): Promise<void>;
};

/** `$XDG_CONFIG_HOME/podid-tui`, or `~/.config/podid-tui` (XDG Base Directory Specification: only absolute paths count). */
export function preferencesDirectory(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  home: string = homedir(),
): string {
  const base = environment.XDG_CONFIG_HOME;
  return join(base?.startsWith('/') ? base : join(home, '.config'), 'podid-tui');
}

/** `config.json` in a directory, for its owner alone. Neither directory nor file is made before something is saved. */
export function preferencesFile(directory: string): PreferencesFile {
  const path = join(directory, 'config.json');
  let opened: Promise<Conf<Record<string, unknown>>> | undefined;
  // Loaded when it is needed: it brings a schema compiler along.
  const open = () => {
    opened ??= import('conf').then(
      ({ default: Store }) =>
        new Store<Record<string, unknown>>({
          cwd: directory,
          configName: 'config',
          configFileMode: 0o600,
          // A file that somebody broke by hand is theirs to mend: it is not emptied.
          clearInvalidConfig: false,
          accessPropertiesByDotNotation: false,
        }),
    );
    // What failed once may work when it is tried again.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  return {
    path,
    read: async () => ((await exists(path)) ? { ...(await open()).store } : {}),
    save: async patch => (await open()).set({ ...patch }),
  };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
