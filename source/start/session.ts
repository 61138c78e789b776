import { text } from '../commands/command.ts';
import { worldSettings } from '../commands/connect.ts';
import { preferencesDirectory, preferencesFile } from '../files/preferences.ts';
import { createLiveModel } from '../live/create.ts';
import { makeWorkbench } from '../read/make-workbench.ts';
import { RequestFeed } from '../read/request-feed.ts';
import { openWorld } from '../read/world.ts';
import { systemClock } from '../run/clock.ts';
import { type ExitReport, runApp } from '../ui/app.tsx';
import type { AppOptions } from './app-options.ts';
import type { SandboxProcess } from './sandbox-process.ts';
import { version } from './version.ts';

/** One sitting in one world: opens it, runs the app on it, closes everything that was opened. */
export async function runSession(options: AppOptions, sandbox: SandboxProcess | undefined): Promise<ExitReport> {
  const clock = systemClock;
  const feed = new RequestFeed();
  const settings = worldSettings(options.values, clock, { regions: sandbox?.regions ?? [], onRequest: feed.note });
  const world = await openWorld(settings);
  const model = createLiveModel(world, { clock });
  const profileName = text(options.values, 'profile') ?? process.env.AWS_PROFILE;
  try {
    return await runApp({
      model,
      workbench: makeWorkbench(world, clock, feed),
      clock,
      stdin: process.stdin,
      stdout: process.stdout,
      preferences: preferencesFile(preferencesDirectory()),
      options: {
        sandbox: sandbox !== undefined,
        version,
        noColor: options.noColor,
        ...(profileName ? { profileName } : {}),
      },
    });
  } finally {
    await model.close();
    world.close();
  }
}
