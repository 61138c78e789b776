/** A sitting in lines whose input is a whole script, as a pipe would bring it. */
import { PassThrough, Writable } from 'node:stream';
import type { Failure } from '../../../source/identity/reading.ts';
import { actions } from '../../../source/plan/plan.ts';
import { runLinear } from '../../../source/ui/linear/linear.ts';
import { demoModel, type FakeModel, FakeWorkbench, finished, ManualClock, start } from '../fakes.ts';

export type Told = {
  readonly text: string;
  readonly exitCode: number;
  readonly workbench: FakeWorkbench;
  /** What was typed where a phrase was asked for, and the phrase. */
  readonly asked: readonly { readonly phrase: string; readonly typed: string }[];
};

/** A workbench whose runs do all of their plan at once. */
class QuickWorkbench extends FakeWorkbench {
  /** What the first action of the first run is refused with. */
  refusal: Failure | undefined;
  override run: FakeWorkbench['run'] = async function* (this: QuickWorkbench, plan, options) {
    const { signal, stopNow, concurrency, runId } = options ?? {};
    this.runs.push({ plan, signal, stopNow, concurrency, runId });
    const [first] = actions(plan.root);
    const { refusal } = this;
    this.refusal = undefined;
    if (!refusal || !first) return yield finished(actions(plan.root).length);
    const { id } = first;
    yield { type: 'failed', at: start, id, failure: refusal };
    yield finished(0, [{ id, subject: first.action.subject, reason: refusal.message }]);
  };
  override resume: FakeWorkbench['resume'] = async function* (this: QuickWorkbench, run) {
    this.resumed.push(run);
    yield finished(1);
  };
}

/** Runs a script to the end of its input. @throws when it does not end */
export async function runScript(
  input: string | Uint8Array,
  more: { readonly model?: FakeModel; readonly readOnly?: boolean; readonly refusal?: Failure } = {},
): Promise<Told> {
  const workbench = new QuickWorkbench();
  workbench.refusal = more.refusal;
  const clock = new ManualClock();
  let text = '';
  const stdin = new PassThrough();
  // All of it is there before anybody asks.
  stdin.end(input);
  const stdout = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  let over: { readonly exitCode: number } | undefined;
  const exited = runLinear({
    model: more.model ?? demoModel(),
    workbench,
    clock,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    options: { sandbox: false, version: '0.0.0', readOnly: more.readOnly === true },
    environment: {},
  }).then(report => {
    over = report;
  });
  exited.catch(() => {});
  for (let turn = 0; !over; turn += 1) {
    if (turn > 20_000) throw new Error(`it does not end:\n${text.slice(-2000)}`);
    clock.advance(50);
    await Promise.race([exited, new Promise(resolve => setImmediate(resolve))]);
  }
  const asked = [...text.matchAll(/type (.+?) to carry it out> (.*)\n/g)].map(([, phrase = '', typed = '']) => ({
    phrase,
    typed,
  }));
  return { text, exitCode: over.exitCode, workbench, asked };
}
