import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, say } from '../../controller/app.ts';
import { documentText, setDocument } from '../../state/form.ts';
import { type DocumentId, fieldName, isDocument } from '../../state/form-fields.ts';
import { jsonLines } from '../../state/line-diff.ts';
import { policyProblem } from '../../state/policy-text.ts';
import { clean } from '../../text/sanitise.ts';

/** Hands the policy that has the focus to $VISUAL or $EDITOR and takes back what was saved, checked. */
export async function editDocument(app: App): Promise<void> {
  const { form } = app.store.get();
  const { hands } = app;
  if (!form || !hands) return;
  if (!isDocument(form.focus)) return say(app, 'info', 'policies open in an editor: go to one with <tab>');
  const field = form.focus;
  const editor = app.environment.VISUAL || app.environment.EDITOR;
  if (!editor) return say(app, 'warning', 'no editor: set $VISUAL or $EDITOR, or paste the policy');
  try {
    const before = form.drafts[field] ?? jsonLines(documentText(form, field)).join('\n');
    const after = await edited(before, field, file => hands.suspend(() => runEditor(editor, file)));
    takeBack(app, field, after);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(app, 'error', `✗ ${clean(editor)}: ${clean(reason)}; the ${fieldName(field)} is as it was`);
  }
}

/** A file of its own that nobody else can read, while somebody edits it. @returns what was saved */
async function edited(text: string, field: DocumentId, edit: (file: string) => Promise<void>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'podid-policy-'));
  try {
    const file = join(folder, field === 'policy' ? 'session-policy.json' : 'inline-policy.json');
    await writeFile(file, text === '' ? '' : `${text}\n`, { mode: 0o600 });
    await edit(file);
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function takeBack(app: App, field: DocumentId, text: string): void {
  app.store.update(state => (state.form ? { ...state, form: setDocument(state.form, field, text) } : state));
  const { form } = app.store.get();
  const problem = form && text.trim() !== '' ? policyProblem(field, documentText(form, field)) : undefined;
  if (problem) say(app, 'warning', `${fieldName(field)}: ${problem.text}; <ctrl-e> opens it again`);
}

/** What a shell says of a command that is not there, or not to be run (POSIX, "Shell Command Language", 2.8.2). */
const notStarted: Readonly<Record<number, string>> = { 126: 'it cannot be run', 127: 'there is no such program' };

const runEditor = (editor: string, file: string): Promise<void> =>
  new Promise((resolve, reject) => {
    // Editors are configured with arguments (`code --wait`), so a shell splits the words; the file is passed apart.
    const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) return resolve();
      reject(new Error((code !== null && notStarted[code]) || `it ended with ${signal ?? `exit code ${code}`}`));
    });
  });
