import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftFiles } from '../../../source/files/drafts.ts';
import { read } from '../../../source/identity/reading.ts';
import type { DraftStore } from '../../../source/ui/app.tsx';
import { demoModel, type FakeModel, FakeWorkbench, finished, roleArn, staging, start } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let directory: string;
let screen: Screen;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'podid-sitting-'));
});
afterEach(async () => {
  await screen.close();
  rmSync(directory, { recursive: true, force: true });
});

const guard = 400;

/** A sitting of its own over the same disk, once it has read what is there. */
async function sitting(model?: FakeModel): Promise<void> {
  const files = draftFiles(directory, 'aws');
  const seen = Promise.withResolvers<void>();
  const drafts: DraftStore = {
    ...files,
    read: async (accept, now) => {
      const found = await files.read(accept, now);
      setImmediate(seen.resolve);
      return found;
    },
  };
  screen = await openScreen({ drafts, workbench: new FakeWorkbench(), ...(model ? { model } : {}) });
  await seen.promise;
}

const leave = async (): Promise<void> => screen.close();

const kept = (): readonly string[] => {
  try {
    const folder = path.join(directory, 'drafts');
    return readdirSync(folder).flatMap(world => readdirSync(path.join(folder, world)));
  } catch {
    return [];
  }
};

/** Over the associations of staging: the form, with an account typed in. */
async function begin(): Promise<void> {
  await sitting();
  await screen.press('G', 'enter', 'j', 'n');
  await screen.see('new association');
  screen.send('kept-worker');
  await screen.see('kept-worker');
}

describe('a draft', () => {
  it('is on disk within half a second, and there again in the next sitting', async () => {
    await begin();
    expect(kept()).toEqual([]);
    screen.clock.advance(600);
    await screen.until('it is kept', () => kept().length === 1);
    await screen.press('tab', 'esc');
    await screen.see('draft kept: <n> here or :new opens it again, <esc> discards it');
    await leave();
    await sitting();
    screen.clock.advance(3 * 60 * 60 * 1000 + 60_000);
    await screen.press('G', 'enter', 'j', 'n');
    await screen.see('kept-worker');
    await screen.see('draft from 3h ago kept: <ctrl-l> begins anew, <esc> <esc> discards it');
  });

  it('that is read late takes the place of the form that was opened meanwhile, unless that says something', async () => {
    await begin();
    await leave();
    const files = draftFiles(directory, 'aws');
    const late = Promise.withResolvers<void>();
    const read: DraftStore['read'] = async (accept, now) => {
      await late.promise;
      return files.read(accept, now);
    };
    screen = await openScreen({ drafts: { ...files, read } });
    await screen.press('G', 'enter', 'j', 'n');
    await screen.see('new association');
    expect(screen.text()).not.toContain('kept-worker');
    late.resolve();
    await screen.see('kept-worker');
    await screen.see('this draft was kept: <ctrl-l> begins anew');
  });

  it('of a sitting that ends at once is kept, too', async () => {
    await begin();
    await leave();
    expect(kept()).toHaveLength(1);
  });

  it('is gone with the second escape, from the disk as well', async () => {
    await begin();
    screen.clock.advance(600);
    await screen.until('it is kept', () => kept().length === 1);
    await screen.press('tab', 'esc');
    await screen.see('draft kept');
    await screen.press('esc');
    await screen.see('the draft is discarded');
    expect(screen.text()).toContain('staging-eu-1');
    screen.clock.advance(600);
    await screen.until('it is dropped', () => kept().length === 0);
    await screen.press('n');
    await screen.see('new association');
    expect(screen.text()).not.toContain('kept-worker');
  });

  it('is not discarded by an escape that comes after its message has gone', async () => {
    await begin();
    await screen.press('tab', 'esc');
    await screen.see('draft kept');
    screen.clock.advance(5000);
    await screen.lose('draft kept');
    await screen.press('esc');
    await screen.lose('draft kept');
    await leave();
    expect(kept()).toHaveLength(1);
  });

  it('that says nothing is none', async () => {
    await sitting();
    await screen.press('G', 'enter', 'j', 'n');
    await screen.see('new association');
    await screen.press('esc');
    await screen.lose('new association');
    expect(screen.text()).not.toContain('draft kept');
    await leave();
    expect(kept()).toEqual([]);
  });

  it('is dropped when it was sent', async () => {
    await begin();
    await screen.press('tab');
    screen.send('payments-api');
    await screen.see('payments-api');
    screen.clock.advance(600);
    await screen.until('it is kept', () => kept().length === 1);
    await screen.press('ctrl-s');
    await screen.see('in this order');
    screen.clock.advance(guard);
    await screen.press('tab', 'enter');
    await screen.until('the run began', () => screen.workbench.runs.length === 1);
    screen.workbench.push(finished(2));
    await screen.see('✓');
    screen.clock.advance(600);
    await screen.until('it is dropped', () => kept().length === 0);
  });

  it('whose file is broken is put aside, with a line in the log and no other draft lost', async () => {
    await begin();
    await leave();
    const folder = path.join(directory, 'drafts', readdirSync(path.join(directory, 'drafts'))[0] ?? '');
    writeFileSync(path.join(folder, `${'0'.repeat(32)}.json`), '{"half');
    await sitting();
    await screen.press(...':log', 'enter');
    await screen.see('a draft was put aside as');
    await screen.press('esc', 'G', 'enter', 'j', 'n');
    await screen.see('kept-worker');
  });

  it('holds no secret: what looks like one keeps it in the sitting, and the log says so', async () => {
    await begin();
    await screen.press('tab');
    screen.send('\u001b[200~AKIAIOSFODNN7EXAMPLE\u001b[201~');
    await screen.see('AKIAIOSFODNN7EXAMPLE');
    await leave();
    expect(kept()).toEqual([]);
  });
});

/** The model after somebody else has changed the association of checkout/api in staging. */
function changed(more: Parameters<typeof Object.assign>[1] | undefined): FakeModel {
  const model = demoModel();
  const its = (row: { cluster: string; namespace: string }) => row.cluster === staging && row.namespace === 'checkout';
  model.associationRows = model.associationRows.flatMap(row => {
    if (!its(row) || row.association.state !== 'read') return [row];
    return more ? [{ ...row, association: read({ ...row.association.value, ...more }, start) }] : [];
  });
  model.accountRows = model.accountRows.map(row => {
    if (!its(row) || row.association.state !== 'read' || !row.association.value) return row;
    const { associationId: _, ...rest } = row;
    return more
      ? { ...row, association: read({ ...row.association.value, ...more }, start) }
      : { ...rest, association: read(undefined, start) };
  });
  return model;
}

describe('the draft of a change', () => {
  async function beginChange(): Promise<void> {
    await sitting();
    await screen.press('G', 'a', 'e');
    await screen.see('change association checkout/api');
    await screen.press('tab', 'tab', 'tab', 'tab');
    screen.send('team=shop');
    await screen.see('✓ 1 of 50');
    await leave();
    expect(kept()).toHaveLength(1);
  }

  it('says what others have changed meanwhile, and sends only what is its own', async () => {
    await beginChange();
    await sitting(changed({ roleArn: roleArn('other') }));
    await screen.press('G', 'a', 'e');
    await screen.see('changed there since: role');
    await screen.see('team=shop');
    expect(screen.text()).toContain('others changed it from');
    // Who made the role is asked by a plan of its own, sooner or later.
    await screen.until('who made the role is asked', () => screen.workbench.planned.length === 1);
    await screen.press('ctrl-s');
    await screen.see('review: update');
    const asked = screen.workbench.planned.at(-1)?.request;
    expect(asked).toMatchObject({ command: 'update', changes: [{ tags: { team: 'shop' } }] });
    expect(JSON.stringify(asked)).not.toContain('roleArn');
  });

  it('of an association that is gone opens as something new, and says so', async () => {
    await beginChange();
    await sitting(changed(undefined));
    await screen.press('G', 's');
    await screen.press('/', ...'checkout', 'enter');
    await screen.see('[1 of');
    await screen.press('n');
    await screen.see('new association');
    await screen.see('team=shop');
    await screen.see('changed there since: service account');
    await screen.see('others changed it from association a-');
  });
});

it('two sittings at once: the last word on a draft counts, and no other is lost', async () => {
  await begin();
  const first = screen;
  await sitting();
  await screen.press('G', 'enter', 'n');
  await screen.see('new association');
  screen.send('other-worker');
  await screen.see('other-worker');
  await screen.close();
  await first.close();
  const folder = path.join(directory, 'drafts');
  const texts = readdirSync(folder).flatMap(world =>
    readdirSync(path.join(folder, world)).map(name => readFileSync(path.join(folder, world, name), 'utf8')),
  );
  expect(texts.filter(text => text.includes('kept-worker'))).toHaveLength(1);
  expect(texts.filter(text => text.includes('other-worker'))).toHaveLength(1);
});
