/** What is edited in the app, with real keys in a pseudo-terminal, and what it came to in the world over HTTP. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { associate } from '../../source/sandbox/worlds/site.ts';
import { cli } from '../helpers/program.ts';
import { openScene, type Scene, type SceneOptions, stackName } from '../helpers/scene.ts';
import { keys, Terminal } from '../helpers/terminal.ts';
import { owned, readOnly } from './eksctl-stack.ts';

const open: { readonly terminal: Terminal; readonly scene: Scene }[] = [];

afterEach(async () => {
  for (const { terminal, scene } of open.splice(0)) {
    await terminal.close();
    await scene.close();
  }
});

/** The app over the associations of the scene's cluster, with an editor that makes a mistake and mends it. */
async function start(
  options: SceneOptions = {},
  row = /associations\(c/,
): Promise<{ readonly terminal: Terminal; readonly scene: Scene }> {
  const scene = await openScene(options);
  const editor = path.join(scene.environment.HOME ?? '', 'editor.sh');
  writeFileSync(editor, editorScript, { mode: 0o700 });
  const terminal = new Terminal(process.execPath, [cli], { environment: { ...scene.environment, EDITOR: editor } });
  open.push({ terminal, scene });
  await terminal.until(text => text.includes('LIVE') && /▌ +c /.test(text));
  terminal.send('a');
  await terminal.until(row);
  return { terminal, scene };
}

/** Types into the field that has the focus. */
async function type(terminal: Terminal, text: string): Promise<void> {
  terminal.send(text);
  await terminal.until(`${text.slice(-12)}▏`);
}

async function tabTo(terminal: Terminal, label: string): Promise<void> {
  const there = new RegExp(`${label} +>`);
  for (let tabs = 0; tabs < 20 && !there.test(terminal.text()); tabs++) {
    const before = terminal.text();
    terminal.send(keys.tab);
    await terminal.until(text => text !== before);
  }
  await terminal.until(there);
}

async function apply(terminal: Terminal): Promise<void> {
  await terminal.until(/in this order/);
  await terminal.press(keys.tab, /\[ Apply/);
  await terminal.press(keys.enter, /applying|associations\(c/);
}

const roleOf = (scene: Scene, stack: string) => {
  const arn = scene
    .stacks()
    .find(({ name }) => name === stack)
    ?.outputs.get('Role1');
  return [...scene.account.roles.values()].find(role => role.arn === arn);
};

describe('the form', () => {
  test('creates an association with a role that a stack makes, of a policy from the list and one from the editor', async () => {
    const { terminal, scene } = await start();
    terminal.send('n');
    await terminal.until('new association');
    await type(terminal, 'shop');
    terminal.send(keys.tab);
    await terminal.until(/Service account +> /);
    await type(terminal, 'api');
    terminal.send(keys.tab);
    await terminal.until(/Role +> /);
    terminal.send(keys.down);
    await terminal.until('▌ + create a role');
    terminal.send(keys.enter);
    await terminal.until('a role that is made');
    await tabTo(terminal, 'policies');
    terminal.send('S3ReadOnly');
    await terminal.until('▌ [ ] AmazonS3ReadOnlyAccess');
    terminal.send(keys.enter);
    await terminal.until('✓ AmazonS3ReadOnlyAccess');
    await tabTo(terminal, 'inline policy');
    terminal.send(keys.ctrl('e'));
    await terminal.until(/a comma or \} is missing \(line 4/);
    terminal.send(keys.ctrl('e'));
    await terminal.until(/✓ a policy of \d+ characters/);
    terminal.send(keys.ctrl('s'));
    await terminal.until('review: create shop/api in c');
    await terminal.until('cloudformation:CreateStack');
    await apply(terminal);
    await terminal.until(/▌ +shop +api /);
    const stack = stackName('shop/api');
    const role = roleOf(scene, stack);
    expect(scene.associations()).toEqual([`shop/api ${role?.name}`]);
    expect([...(role?.attachedPolicies ?? [])]).toEqual([readOnly]);
    expect([...(role?.inlinePolicies.values() ?? [])].join()).toContain('s3:GetObject');
  }, 60_000);

  test('shows what the stack of a role makes, and changes what was changed', async () => {
    const { terminal, scene } = await start({ furnish: owned('shop/api') }, /▌ +shop +api /);
    terminal.send('e');
    await terminal.until('the role of its own stack');
    await terminal.until('✓ AmazonS3ReadOnlyAccess');
    await tabTo(terminal, 'policies');
    terminal.send('SQSFull');
    await terminal.until('▌ [ ] AmazonSQSFullAccess');
    terminal.send(keys.enter);
    await terminal.until('✓ AmazonSQSFullAccess');
    await terminal.until(/was AmazonS3ReadOnlyAccess/);
    await tabTo(terminal, 'Tags');
    await type(terminal, 'team=shop');
    scene.writes();
    terminal.send(keys.ctrl('s'));
    await terminal.until('review: update shop/api in c');
    await apply(terminal);
    await terminal.until(/associations\(c/);
    await terminal.until(/✓ /);
    expect([...(roleOf(scene, stackName('shop/api'))?.attachedPolicies ?? [])].sort()).toEqual([
      readOnly,
      'arn:aws:iam::aws:policy/AmazonSQSFullAccess',
    ]);
    expect(scene.writes()).toEqual({ 'cloudformation:UpdateStack': 1, 'eks:TagResource': 1 });
    expect([...scene.cluster.associations.values()].map(({ tags }) => tags.get('team'))).toEqual(['shop']);
  }, 60_000);
});

describe('delete', () => {
  test('tells that the role goes with its stack, and takes both', async () => {
    const { terminal, scene } = await start({ furnish: owned('shop/api') }, /▌ +shop +api /);
    terminal.send(keys.ctrl('d'));
    await terminal.until(`- delete IAM resources stack "${stackName('shop/api')}"`);
    await terminal.until(/no running pod uses it; new pods get no role/);
    await terminal.until('2 calls ready');
    await terminal.press(keys.tab, /\[ Delete \]/);
    await terminal.press(keys.enter, /✓ 1 association deleted/);
    expect([scene.associations(), scene.stacks().length]).toEqual([[], 0]);
  }, 60_000);
});

describe('apply', () => {
  test('names all that is wrong with a file, and carries out what it says once it is mended', async () => {
    const { terminal, scene } = await start({
      furnish: site => associate(site, 'shop/old', 'arn:aws:iam::111122223333:role/other'),
    });
    const file = path.join(scene.environment.HOME ?? '', 'cluster.yaml');
    writeFileSync(file, config('roleARM: x'));
    terminal.send(':');
    await terminal.until(/^ ?:/m);
    terminal.send('apply ~/clu');
    await terminal.until('apply ~/clu');
    await terminal.press(keys.tab, /apply ~\/cluster\.yaml/);
    terminal.send(keys.enter);
    await terminal.until(/7:\d+ +iam\.podIdentityAssociations\[0\]/);
    writeFileSync(file, config('roleARN: arn:aws:iam::111122223333:role/plain'));
    await terminal.press(keys.tab, /\[ Read again \]/);
    await terminal.press(keys.enter, /review: apply/);
    await terminal.until(/1 call, in this order/);
    await apply(terminal);
    await terminal.until(/associations\(c/);
    expect(scene.associations()).toEqual(['shop/api plain', 'shop/old other']);
  }, 60_000);
});

const config = (role: string) => `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: c, region: us-west-2 }
iam:
  podIdentityAssociations:
    - namespace: shop
      ${role}
      serviceAccountName: api
`;

/** Writes a policy with a mistake first, and mends it when it is opened terminal. */
const editorScript = `#!/bin/sh
if [ -s "$1" ]; then sed -i 's/"s3:GetObject" /"s3:GetObject", /' "$1"; exit; fi
cat > "$1" <<'END'
{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "s3:GetObject" "Resource": "*" }
  ]
}
END
`;
