/**
 * What the screen shows of things that change while they are looked at, as it is drawn, with and without colour.
 * `UPDATE_GOLDEN=1` writes the frames anew; look at what changed before committing it. `*.style.txt` has a letter for the
 * role of each cell (see frame.ts).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { AssociationRow } from '../../source/live/model.ts';
import { account, association, associationRow, demoModel, finished, prod, start } from '../ui/fakes.ts';
import type { Screen } from '../ui/screen.ts';
import { type Frame, frameOf } from './frame.ts';

// Before Ink is loaded: its colours are decided once.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '3';
});
const { openScreen, startMigration } = await import('../ui/screen.ts');
const { pngOf } = await import('../helpers/picture.ts');

const folder = path.join(import.meta.dirname, 'changes');
const update = Boolean(process.env.UPDATE_GOLDEN);
/** A folder for pictures of the frames, to look at. */
const pictures = process.env.GOLDEN_PICTURES;

type Scene = {
  readonly name: string;
  readonly sizes: readonly (readonly [columns: number, rows: number])[];
  readonly plain?: true;
  readonly act: (screen: Screen) => Promise<void>;
};

const [full, compact, least] = [
  [100, 30],
  [80, 24],
  [60, 15],
] as const;

const commit = ({ model }: Screen, change: (rows: readonly AssociationRow[]) => readonly AssociationRow[]) => {
  model.associationRows = change(model.associationRows);
  model.commit();
};

const openAssociations = async (screen: Screen) => {
  await screen.press('a');
  await screen.see('associations(prod-eu-1/all)[5]');
};

const take = (screen: Screen, ...names: readonly string[]) =>
  commit(screen, rows => rows.filter(row => !names.includes(row.serviceAccount)));

/** Others change a role, make an association and take two away. */
const meanwhile = async (screen: Screen) => {
  const mark = { at: start };
  commit(screen, rows =>
    rows.flatMap(row => {
      if (row.cluster !== prod) return [row];
      if (row.serviceAccount === 'ledger' || row.serviceAccount === 'indexer') return [];
      if (row.namespace !== 'payments' || row.serviceAccount !== 'api') return [row];
      const found = association('payments', 'api', 'payments-api-v2');
      const changed = associationRow(prod, found, { pods: 6, mark: { kind: 'changed', ...mark } });
      const made = associationRow(prod, association('payments', 'batch', 'payments-batch'), {
        mark: { kind: 'new', ...mark },
      });
      return [{ ...changed, id: row.id }, made];
    }),
  );
  await screen.see(/payments-api-v2|payments +api +ok Δ/);
};

const requests = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({
    type: 'request' as const,
    at: start,
    note: {
      at: start + (from + index) * 1000,
      service: 'iam' as const,
      operation: 'UpdateAssumeRolePolicy',
      account,
      subject: `role-${from + index}`,
      status: 200,
      milliseconds: 31,
      attempts: 1,
      write: true,
    },
  }));

const scenes: readonly Scene[] = [
  {
    name: 'meanwhile',
    sizes: [full, compact, least],
    act: async screen => {
      await openAssociations(screen);
      await meanwhile(screen);
    },
  },
  {
    name: 'meanwhile-plain',
    sizes: [full, compact],
    plain: true,
    act: async screen => {
      await openAssociations(screen);
      await meanwhile(screen);
    },
  },
  {
    name: 'changed',
    sizes: [full, compact],
    act: async screen => {
      await openAssociations(screen);
      await screen.press('j');
      await meanwhile(screen);
      screen.clock.advance(1000);
      await screen.see('ROLE was payments-api');
    },
  },
  {
    name: 'gone-under-cursor',
    sizes: [full, compact],
    act: async screen => {
      await openAssociations(screen);
      await screen.press('j', 'j');
      screen.clock.advance(1000);
      await meanwhile(screen);
      await screen.see('▌- payments/ledger is gone');
    },
  },
  {
    name: 'gone-many',
    sizes: [full],
    act: async screen => {
      await openAssociations(screen);
      const many = Array.from({ length: 60 }, (_, index) =>
        associationRow(prod, association('jobs', `run-${100 + index}`, 'jobs')),
      );
      commit(screen, rows => [...rows.slice(0, 1), ...many, ...rows.slice(1)]);
      await screen.see('[65]');
      commit(screen, rows => rows.filter(row => row.namespace !== 'jobs'));
      await screen.see('that were here are gone');
    },
  },
  {
    name: 'follow',
    sizes: [full, compact],
    act: async screen => {
      await openAssociations(screen);
      await screen.press('j', 'j', 'F', 'S');
      screen.clock.advance(5000);
      await screen.see('by health');
      await screen.see('following payments/ledger');
      await screen.lose('payments/api  ok');
    },
  },
  {
    name: 'follow-gone',
    sizes: [full, compact, least],
    act: async screen => {
      await openAssociations(screen);
      await screen.press('j', 'j', 'F');
      screen.clock.advance(5000);
      take(screen, 'ledger');
      await screen.see(/following payments\/l\S+: (it is )?gone/);
    },
  },
  {
    name: 'follow-run',
    sizes: [full, compact],
    act: async screen => {
      await startMigration(screen);
      screen.workbench.push(...requests(0, 9));
      await screen.see('role-8 ');
    },
  },
  {
    name: 'scrolled-run',
    sizes: [full, compact],
    act: async screen => {
      await startMigration(screen);
      screen.workbench.push(...requests(0, 9));
      await screen.see('role-8 ');
      await screen.press('{', '{');
      screen.workbench.push(...requests(9, 21));
      await screen.see('12 new below');
    },
  },
  {
    name: 'left-of-a-run',
    sizes: [compact],
    act: async screen => {
      await startMigration(screen);
      const failed = Array.from({ length: 9 }, (_, index) => ({
        id: `t${index}`,
        subject: `role-${index}`,
        reason: 'the trust policy was changed by somebody else',
      }));
      screen.workbench.push(...requests(0, 9), finished(0, failed));
      await screen.see('1-5 of 9');
    },
  },
  {
    name: 'scrolled-log',
    sizes: [full, compact],
    act: async screen => {
      const { model } = screen;
      const lines = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, index) => ({
          at: start + (from + index) * 1000,
          level: 'info' as const,
          source: 'prod-eu-1',
          text: `association of team/app-${from + index} is new`,
        }));
      model.logLines = lines(0, 60);
      model.commit();
      await screen.press(':');
      screen.send('log');
      await screen.press('enter');
      await screen.see('log[60]');
      await screen.press('pageup');
      await screen.see('not following');
      model.logLines = [...model.logLines, ...lines(60, 67)];
      model.commit();
      await screen.see('7 new below');
    },
  },
];

const all = scenes.flatMap(scene =>
  scene.sizes.map(size => ({ scene, size, name: `${scene.name}-${size[0]}x${size[1]}` })),
);

const linesOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').replace(/\n$/, '').split('\n') : [];

/** The frame when nothing has been written for a while. */
async function settledFrame(screen: Screen): Promise<Frame> {
  for (let [quiet, bytes] = [0, -1]; quiet < 30; quiet = screen.bytes() === bytes ? quiet + 1 : 0) {
    bytes = screen.bytes();
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  return frameOf(screen.terminal);
}

describe('what changes while it is looked at', () => {
  it.each(all.map(one => [one.name, one] as const))('is drawn as before: %s', async (name, { scene, size }) => {
    const [columns, rows] = size;
    const colour = scene.plain ? { NO_COLOR: '1' } : { COLORTERM: 'truecolor' };
    const screen = await openScreen({
      model: demoModel(),
      columns,
      rows,
      environment: { NO_MOTION: '1', ...colour },
    });
    try {
      await scene.act(screen);
      const { text, styles } = await settledFrame(screen);
      if (pictures) writeFileSync(path.join(pictures, `${name}.png`), pngOf(screen.terminal, 1));
      const [file, styleFile] = [path.join(folder, `${name}.txt`), path.join(folder, `${name}.style.txt`)];
      if (update) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, `${text.join('\n')}\n`);
        if (!scene.plain) writeFileSync(styleFile, `${styles.join('\n')}\n`);
      }
      expect(text).toEqual(linesOf(file));
      if (scene.plain) expect(screen.hasColour()).toBe(false);
      else expect(styles).toEqual(linesOf(styleFile));
      if (!scene.plain) for (const line of styles) expect(line).not.toContain('?');
    } finally {
      await screen.close();
    }
  });
});
