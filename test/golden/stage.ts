/**
 * The real app on a seeded sandbox: live model, adapters, planners and executor as in the program, the sandbox's core in
 * the same process, and one clock for all of it.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as realTime } from 'node:timers/promises';
import { createLiveModel } from '../../source/live/create.ts';
import { makeWorkbench } from '../../source/read/make-workbench.ts';
import { RequestFeed } from '../../source/read/request-feed.ts';
import type { JournalingWorkbench } from '../../source/read/workbench.ts';
import { openWorld } from '../../source/read/world.ts';
import type { ClusterRecord, World as SandboxWorld } from '../../source/sandbox/model.ts';
import { seededRandom } from '../../source/sandbox/random.ts';
import { type ClientSettings, writeClientSettings } from '../../source/sandbox/shell/environment.ts';
import type { SandboxProfile } from '../../source/sandbox/shell/protocol.ts';
import { addAccount, addCaller, createWorld } from '../../source/sandbox/world.ts';
import { accountIds } from '../../source/sandbox/worlds/demo/company.ts';
import { profileOf } from '../../source/sandbox/worlds/site.ts';
import { type MadeWorld, makeWorld } from '../../source/sandbox/worlds/worlds.ts';
import { contextSource } from '../../source/start/context-source.ts';
import { readCount } from '../../source/start/sandbox-oracle.ts';
import { enterSandbox } from '../../source/start/sandbox-process.ts';
import type { AppOptions } from '../../source/ui/app.tsx';
import { Journals } from '../explore/journals.ts';
import { InProcessSandbox } from '../helpers/in-process.ts';
import { StageClock } from '../helpers/stage-clock.ts';
import { type Display, openDisplay } from '../ui/screen.ts';

export const start = Date.UTC(2026, 10, 24, 10, 0, 0);
const seed = 1;

export type StageOptions = {
  /** The demo world, as `--sandbox` opens it, or an account without any cluster. */
  readonly world?: 'demo' | 'bare';
  /** What is otherwise in that world before anybody looks. */
  readonly furnish?: (stage: Stage) => void;
  /** Profiles in scope, by default the keys of `northwind-prod` in the environment; empty: nobody has any credentials. */
  readonly profiles?: readonly string[];
  readonly regions?: readonly string[];
  /** Further lines of the shared configuration. */
  readonly configuration?: string;
  readonly app?: Partial<AppOptions>;
};

export type Fault = {
  /** Milliseconds that each answer takes. */
  readonly latency?: number;
  /** Requests a second. */
  readonly throttle?: number;
  /** Milliseconds until others see what was written. */
  readonly consistency?: number;
  /** Actions that the first profile may not call. */
  readonly deny?: readonly string[];
  /** Whether the first profile's credentials have run out. */
  readonly expire?: boolean;
  /** A cluster whose API server nobody reaches. */
  readonly unreachable?: string;
  readonly scripted?: SandboxWorld['faults']['scripted'];
};

type OpenedWorld = Awaited<ReturnType<typeof openWorld>>;

/** A program in that world, with what ends it as SIGKILL does. */
type Program = {
  readonly world: OpenedWorld;
  readonly feed: RequestFeed;
  readonly workbench: JournalingWorkbench;
  readonly kill: () => void;
};

type Size = { readonly columns: number; readonly rows: number };

export class Stage {
  readonly world: SandboxWorld;
  readonly clock = new StageClock(start);
  readonly #options: StageOptions;
  readonly #profiles: readonly SandboxProfile[];
  readonly #settings: ClientSettings;
  readonly #sandbox: InProcessSandbox;
  readonly #journals = new Journals();
  readonly #closing: (() => unknown)[] = [];
  #display: Display | undefined;

  constructor(options: StageOptions = {}) {
    const { world, profiles } = options.world === 'bare' ? bareWorld() : demoWorld();
    this.#options = options;
    this.#profiles = profiles;
    this.world = world;
    this.#sandbox = new InProcessSandbox(world, this.clock);
    this.#settings = writeClientSettings(world, 'http://127.0.0.1:1', profiles);
    this.#enter();
    options.furnish?.(this);
  }

  /** What is on the screen. */
  get display(): Display {
    if (!this.#display) throw new Error('the app is not open yet');
    return this.#display;
  }

  cluster(name: string): ClusterRecord {
    const found = [...this.world.clusters.values()].find(each => each.name === name);
    if (!found) throw new Error(`there is no cluster ${name}`);
    return found;
  }

  /** Changes what goes wrong from now on, by the sandbox's own controls. */
  fault({ deny, expire, ...others }: Fault): void {
    const accessKeyId = this.#profiles[0]?.accessKeyId;
    this.#sandbox.control('POST', 'faults', {
      ...others,
      ...(deny ? { deny: { accessKeyId, actions: deny } } : {}),
      ...(expire === undefined ? {} : { expire: accessKeyId, value: expire }),
    });
  }

  /** Another program: what ran before this sitting, or what a colleague runs meanwhile. Journals are shared. */
  async colleague(): Promise<Program> {
    const program = await this.#program();
    for (const { sts } of program.world.sessions) sts.callerIdentity().catch(() => {});
    await this.#signIn(program.world);
    return program;
  }

  async #program(): Promise<Program> {
    const connection = this.#sandbox.connect();
    const feed = new RequestFeed();
    const { profiles = [], regions = this.#settings.regions } = this.#options;
    const world = await openWorld({ clock: this.clock, regions, profiles, onRequest: feed.note, ...connection });
    let alive = true;
    const store = this.#journals.store(async keep => (alive ? keep() : new Promise(() => {})));
    const kill = () => {
      alive = false;
      connection.kill();
    };
    return { world, feed, workbench: makeWorkbench(world, this.clock, feed, { store, version: '1.2.3' }), kill };
  }

  /** Credentials are read from files, in real time; what is asked with them is asked before any time has passed. */
  async #signIn({ sessions }: OpenedWorld): Promise<void> {
    const signedIn = () => sessions.every(session => session.known().expiresAt !== undefined);
    for (let turns = 0; !signedIn() && turns < 2_000; turns += 1) {
      await this.clock.settle();
      await realTime(1);
    }
  }

  /** Opens the app. Nothing has been answered yet. */
  async open({ columns, rows }: Size, environment: Record<string, string>): Promise<void> {
    const { world, workbench, feed } = await this.#program();
    const model = createLiveModel(world, { clock: this.clock, random: seededRandom(seed) });
    const { app, profiles = ['northwind-prod'] } = this.#options;
    this.#closing.push(async () => {
      this.fault({ latency: 0 });
      await model.close();
      world.close();
    });
    const display = await openDisplay({
      model,
      workbench,
      clock: this.clock,
      columns,
      rows,
      environment,
      options: {
        sandbox: false,
        version: '1.2.3',
        contexts: contextSource(Promise.resolve(world), undefined, this.#settings.regions, { model, feed }),
        ...(profiles.length > 0 ? { profileName: profiles.join() } : {}),
        ...(app?.sandbox ? { oracle: async cluster => this.#askOracle(cluster), crash: async () => {} } : {}),
        ...app,
      },
    });
    this.#display = display;
    if (profiles.length > 0) await this.#signIn(world);
  }

  /** Keys one by one, by name or character; what follows without time follows. */
  readonly press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await this.display.press(key);
      await this.clock.settle();
    }
  };

  /** Text in one go. */
  readonly type = async (text: string): Promise<void> => {
    this.display.send(text);
    await this.clock.settle();
  };

  readonly pass = (milliseconds: number): Promise<void> => this.clock.pass(milliseconds);

  /** Waits until the screen says all of it; the world's time stands still meanwhile. */
  readonly see = async (...what: readonly (string | RegExp)[]): Promise<void> => {
    for (const each of what) {
      const drawn = this.display.see(each);
      let over = false;
      const end = () => {
        over = true;
      };
      drawn.then(end, end);
      for (; !over; await realTime(1)) await this.clock.settle();
      await drawn;
    }
  };

  async close(): Promise<void> {
    if (this.#display) await this.meanwhile(this.#display.close());
    for (const close of this.#closing.splice(0).reverse()) await this.meanwhile(close());
    this.#settings.remove();
  }

  /** Time passes until it is over: what is under way is answered first. */
  async meanwhile(work: unknown): Promise<void> {
    let over = false;
    const end = () => {
      over = true;
    };
    Promise.resolve(work).then(end, end);
    for (await this.clock.settle(); !over; await realTime(1)) await this.pass(100);
    await work;
  }

  /** As a program that starts in the sandbox does. */
  #enter(): void {
    const { env } = process;
    const before = { ...env };
    const chance = Math.random;
    Math.random = seededRandom(seed);
    enterSandbox({ ...this.#settings, keep: async () => {}, stop: async () => {} });
    // Endpoints are where they are: no socket is opened.
    delete env.AWS_ENDPOINT_URL;
    // Keys in the environment would go before profiles; without any, no file has to be waited for.
    if (this.#options.profiles) for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete env[name];
    if (this.#options.profiles?.length === 0)
      Object.assign(env, { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
    if (this.#options.configuration) appendFileSync(env.AWS_CONFIG_FILE ?? '', this.#options.configuration);
    this.#closing.push(() => {
      Math.random = chance;
      for (const name of Object.keys(env)) if (!(name in before)) delete env[name];
      Object.assign(env, before);
    });
  }

  #askOracle(cluster: string): NonNullable<ReturnType<typeof readCount>> {
    const count = readCount(this.#sandbox.control('GET', `pods?cluster=${encodeURIComponent(cluster)}`));
    if (!count) throw new Error(`the sandbox does not know ${cluster}`);
    return count;
  }
}

const calm = { latency: 0, throttle: 0, rate: 0, consistency: 0 };

const demoWorld = (): MadeWorld => makeWorld({ name: 'demo', seed, clusters: 0, associations: 0, faults: calm }, start);

/** An account in which nobody has made a cluster. */
function bareWorld(): MadeWorld {
  const world = createWorld({ name: 'bare', seed, now: start });
  const caller = addCaller(world, addAccount(world, { id: accountIds.prod }), { name: 'platform-team' });
  return { world, profiles: [profileOf('northwind-prod', caller, 'eu-west-1')] };
}
