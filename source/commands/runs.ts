import { printable } from '../identity/plain-text.ts';
import type { JournalingWorkbench } from '../read/workbench.ts';
import type { RunGlance } from '../run/journal.ts';
import { summarise } from '../run/summary.ts';
import { type Command, type ExitCode, oneOf, UsageError, type Values } from './command.ts';
import { connectionFlags, connectionUsage } from './connect.ts';
import { jsonText } from './json-text.ts';
import { recordJson, recordMarkdown } from './run-record.ts';
import { withWorkbench } from './workbench.ts';

const usage = `podid-tui runs: what was carried out, from the journals on this machine

Usage
  podid-tui runs                list the runs, newest first
  podid-tui runs show RUN       one run in full: who, when, where, and each change with its state before and after

In the list, a run is complete; incomplete: at its end with something failed, held or left out; running: a process has it
in hand; or interrupted: its process died, and resume goes on with it.

Options
  -o, --output table|json       for the list; show takes json|markdown (default)
${connectionUsage}
Journals are kept below $XDG_STATE_HOME/podid-tui/runs (else ~/.local/state/podid-tui/runs), apart for each endpoint.

Exit codes: 0 done; 1 failed; 2 wrong usage; 3 a journal could not be read.
`;

/** `podid-tui runs` and `runs show RUN`. Nothing is asked of AWS. */
export const runs: Command = {
  usage,
  mostWords: 2,
  flags: { ...connectionFlags, output: { type: 'string', short: 'o' } },
  async run(values, context) {
    const [verb, run] = values.words ?? [];
    if (verb !== undefined && verb !== 'show') throw new UsageError(`runs takes no "${verb}"; did you mean runs show?`);
    if (verb === 'show' && run === undefined) throw new UsageError('runs show needs the id of a run');
    return withWorkbench(values, context, async ({ journals }) => {
      const [text, code] =
        run === undefined ? await listText(journals, values) : [await showText(journals, run, values), 0 as const];
      context.stdout.write(text);
      return code;
    });
  },
};

type Journals = JournalingWorkbench['journals'];

async function showText(journals: Journals, run: string, values: Values): Promise<string> {
  const output = oneOf(values, 'output', ['markdown', 'json'], 'markdown');
  const summary = summarise(await journals.read(run));
  return output === 'json' ? jsonText(recordJson(summary)) : recordMarkdown(summary);
}

async function listText(journals: Journals, values: Values): Promise<readonly [string, ExitCode]> {
  const output = oneOf(values, 'output', ['table', 'json'], 'table');
  const entries = await journals.list();
  const rows = entries.map(entry => ('unreadable' in entry ? entry : rowOf(entry)));
  const code = rows.some(row => 'unreadable' in row) ? 3 : 0;
  if (output === 'json') return [jsonText(rows), code];
  return [rows.length === 0 ? 'no runs here yet\n' : table(rows), code];
}

/** A run in the list; times in RFC 3339. */
type Row = {
  readonly run: string;
  /** `running`: a process has it in hand, see `process`; `interrupted`: its journal just ends, and resume goes on. */
  readonly state: RunGlance['state'];
  readonly command: string;
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly began: string;
  readonly caller: string | null;
  readonly process: { readonly pid: number; readonly host: string; readonly since: string } | null;
  /** Null: its journal just ends, and is too long to be read for a list. */
  readonly done: number | null;
  readonly of: number | null;
  readonly failed: number | null;
  readonly held: number | null;
};

function rowOf({ run, state, command, place, at, caller, holder, outline }: RunGlance): Row {
  return {
    run,
    state,
    command,
    cluster: place.cluster.name,
    account: place.account,
    region: place.region,
    began: new Date(at).toISOString(),
    caller: caller ?? null,
    process: holder ? { ...holder, since: new Date(holder.since).toISOString() } : null,
    done: outline?.done ?? null,
    of: outline?.of ?? null,
    failed: outline?.failed ?? null,
    held: outline?.held ?? null,
  };
}

function table(rows: readonly (Row | { readonly run: string; readonly unreadable: string })[]): string {
  const cells = rows.map(row =>
    'unreadable' in row
      ? [row.run, 'unreadable', row.unreadable]
      : [
          row.run,
          row.state,
          row.command,
          row.cluster,
          row.account,
          row.region,
          row.began,
          row.done === null ? '?' : `${row.done}/${row.of}`,
        ],
  );
  const lines = [['RUN', 'STATE', 'COMMAND', 'CLUSTER', 'ACCOUNT', 'REGION', 'BEGAN', 'DONE'], ...cells];
  // What a journal that cannot be read says of itself has a line to itself: it sets no width.
  const width = (column: number) =>
    Math.max(...lines.filter(line => line.length > 3 || column < 2).map(line => printable(line[column] ?? '').length));
  const widths = [0, 1, 2, 3, 4, 5, 6, 7].map(width);
  return lines
    .map(line => line.map((cell, column) => printable(cell).padEnd(widths[column] ?? 0)).join('  '))
    .map(line => `${line.trimEnd()}\n`)
    .join('');
}
