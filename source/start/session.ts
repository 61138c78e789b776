import { list, text } from '../commands/command.ts';
import { worldSettings } from '../commands/connect.ts';
import { reportCrash } from '../files/crash-report.ts';
import { draftFiles } from '../files/drafts.ts';
import {
  type PreferencesFile,
  type PreferenceValues,
  preferencesDirectory,
  preferencesFile,
} from '../files/preferences.ts';
import { historyFile, saveExport, stateDirectory } from '../files/state-files.ts';
import { createLiveModel, type LiveModelOptions } from '../live/create.ts';
import { offline } from '../live/picture/before.ts';
import { RequestFeed } from '../read/request-feed.ts';
import { listProfiles } from '../read/scopes.ts';
import { openWorld } from '../read/world.ts';
import { systemClock } from '../run/clock.ts';
import { PortError } from '../run/ports.ts';
import { type ChosenProfiles, type ExitReport, runApp, type AppOptions as SittingOptions } from '../ui/app.tsx';
import { type KeptRegions, parseRegions } from '../ui/state/kept-scope.ts';
import type { AppOptions } from './app-options.ts';
import { contextSource, unnamed } from './context-source.ts';
import { doorOf, pictureDirectory } from './door.ts';
import type { Painted } from './early.ts';
import { everyProfile } from './every-profile.ts';
import { keepHeapSmall } from './heap.ts';
import { laterWorkbench } from './later-workbench.ts';
import type { SandboxProcess } from './sandbox-process.ts';
import { version } from './version.ts';

/** Milliseconds for which the last picture may hold the first frame back: a disk may not answer. */
const longestWait = 2_000;

/**
 * One sitting in one world: draws the app, then opens the world for it, and closes everything in the end. The screen is
 * there before the AWS SDK is loaded and before the sandbox listens.
 *
 * @param starting the sandbox, when the sitting is in one
 * @param chosen the profiles that were chosen in the sitting before, over what the options say
 * @param painted what is on the screen already
 * @throws what kept the world from being opened, when the terminal has been given back
 */
export async function runSession(
  options: AppOptions,
  starting: Promise<SandboxProcess> | undefined,
  chosen?: ChosenProfiles,
  painted?: Painted,
): Promise<ExitReport> {
  const clock = systemClock;
  const state = stateDirectory();
  const feed = new RequestFeed();
  const preferences = preferencesFile(preferencesDirectory());
  const drawn = Promise.withResolvers<void>();
  const failed = new AbortController();
  const world = drawn.promise.then(async () => {
    keepHeapSmall();
    if (options.offline) throw new PortError(offline);
    const regions = (await starting)?.regions ?? (await placeToSaySo());
    const profiles = chosen?.profiles ?? (options.allProfiles ? await everyProfile(options) : undefined);
    const kept = starting ? {} : await keptRegions(preferences);
    const asked = { regions, onRequest: feed.note, ...(profiles ? { profiles } : {}) };
    const settings = worldSettings(options.values, clock, asked);
    return openWorld({ ...settings, regionsOf: profile => keptFor(kept, profile) });
  });
  world.catch(error => {
    if (!options.offline) failed.abort(error);
  });
  const model = createLiveModel(world, { clock, ...pictureOf(options, starting, chosen) });
  // Whatever fails from here on: loops of the model and the world would keep the process from ending.
  try {
    const start = options.linear ? (await import('../ui/linear/linear.ts')).runLinear : runApp;
    // What the first paint showed is in the first frame too.
    const waited = new AbortController();
    await Promise.race([model.pictured, clock.sleep(longestWait, waited.signal).catch(() => {})]);
    // What is left of the wait would keep a process from ending.
    waited.abort();
    const running = start({
      model,
      workbench: laterWorkbench(
        world.then(async opened => {
          const { journalingWorkbench } = await import('../commands/workbench.ts');
          return journalingWorkbench(opened, { clock, environment: process.env, version }, feed);
        }),
      ),
      clock,
      stdin: process.stdin,
      stdout: process.stdout,
      ...(painted?.screen ? { entered: painted.screen } : {}),
      stop: failed.signal,
      preferences,
      history: historyFile(state),
      drafts: draftFiles(state, starting ? 'sandbox' : async () => (await world).sessions[0]?.endpoint ?? 'aws'),
      saveExport: (name, content) => saveExport(state, name, content),
      reportCrash: (error, lines) => reportCrash(state, { error, lines, version, at: clock.now() }),
      appearance: {
        noMotion: options.noMotion,
        ascii: options.ascii,
        ...(options.theme ? { theme: options.theme } : {}),
      },
      options: {
        sandbox: starting !== undefined,
        version,
        noColor: options.noColor,
        readOnly: options.readOnly || chosen?.readOnly === true,
        contexts: contextSource(world, starting, list(options.values, 'region'), { model, feed }),
        ...profileOf(options, starting, chosen),
        ...(starting ? inSandbox(starting) : {}),
      },
    });
    painted?.handOver();
    // The first frame is written before the world's libraries are loaded, which takes longer than drawing it.
    setImmediate(drawn.resolve);
    const report = await running;
    if (failed.signal.aborted) throw failed.signal.reason;
    return report;
  } finally {
    // A world that nobody has begun to open will not be.
    drawn.reject(new Error('the sitting has ended'));
    await model.close();
    (await world.catch(() => undefined))?.close();
  }
}

/**
 * On a machine where nothing of AWS is set up at all, any region will do: the app opens, says that there are no
 * credentials and what it looked for, and offers the sandbox. Where something is set up, a missing region is an error.
 */
async function placeToSaySo(): Promise<readonly string[]> {
  const set = Object.keys(process.env).some(name =>
    /^AWS_(ACCESS_KEY_ID|PROFILE|REGION|DEFAULT_REGION|ROLE_ARN|CONTAINER_)/.test(name),
  );
  return set || (await listProfiles()).length > 0 ? [] : ['us-east-1'];
}

/** What only the embedded world can do: tell the truth about its pods, and outlive a crash. */
const inSandbox = (starting: Promise<SandboxProcess>): Pick<SittingOptions, 'oracle' | 'crash'> => ({
  oracle: async (cluster, signal) => {
    const { environment } = await starting;
    const { askOracle } = await import('./sandbox-oracle.ts');
    return askOracle(environment.AWS_ENDPOINT_URL ?? '', cluster, signal);
  },
  crash: async () => {
    const { crashInSandbox } = await import('./crash.ts');
    return crashInSandbox(await starting, process.stdin);
  },
});

/** Where profiles are asked by choice. A file that cannot be read is told of by whoever takes the preferences over. */
async function keptRegions(preferences: PreferencesFile): Promise<KeptRegions> {
  const stored = await preferences.read().catch(() => ({}) as PreferenceValues);
  return parseRegions(stored.regions);
}

/** The default chain's are under the name of the profile that is behind it, if one is. */
function keptFor(kept: KeptRegions, profile: string): readonly string[] {
  const names = profile === '' ? [unnamed(process.env), ''] : [profile];
  const name = names.find(each => each !== undefined && Object.hasOwn(kept, each));
  return (name !== undefined && kept[name]) || [];
}

/** The sandbox is a new world each time: what was seen in another one says nothing of it. */
function pictureOf(options: AppOptions, starting: unknown, chosen?: ChosenProfiles): Pick<LiveModelOptions, 'picture'> {
  // Chosen profiles are another door than the one that the command line names.
  const words = [...process.argv.slice(2), ...(chosen ? ['--profile', chosen.profiles.join()] : [])];
  const door = starting ? undefined : doorOf(words, process.env);
  const directory = door && pictureDirectory(door, process.env);
  return directory ? { picture: { directory, offline: options.offline } } : {};
}

/** In the sandbox a profile of the user's own means nothing. */
function profileOf(options: AppOptions, starting: unknown, chosen?: ChosenProfiles): { readonly profileName?: string } {
  if (chosen && chosen.profiles.length > 0) return { profileName: chosen.profiles.join() };
  const profileName = starting ? undefined : (text(options.values, 'profile') ?? process.env.AWS_PROFILE);
  return profileName ? { profileName } : {};
}
