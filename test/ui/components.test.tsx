import { Box, Text } from 'ink';
import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { PaneBoundary } from '../../source/ui/components/boundary.tsx';
import { Button, Phrase } from '../../source/ui/components/buttons.tsx';
import { FieldText } from '../../source/ui/components/field-text.tsx';
import { FrameBox } from '../../source/ui/components/frame-box.tsx';
import { Page, pagePosition } from '../../source/ui/components/page.tsx';
import { RowList } from '../../source/ui/components/row-list.tsx';
import { StaticTable } from '../../source/ui/components/static-table.tsx';
import { Choices } from '../../source/ui/screens/form/choices.tsx';
import { line } from '../../source/ui/state/lines.ts';
import { fieldOf } from '../../source/ui/state/text-field.ts';

function Failing(): never {
  throw new Error('no such\u001b thing');
}

const frame = (element: React.ReactElement): string => {
  const instance = render(element);
  const text = instance.lastFrame() ?? '';
  instance.unmount();
  return text;
};

describe('components', () => {
  it('cut the title and the position into the border', () => {
    const lines = frame(
      <FrameBox columns={100} body={2} title={[{ text: 'roles' }, { text: '[3]' }]} position="1-3/3">
        <Text>inside</Text>
      </FrameBox>,
    ).split('\n');
    expect(lines).toEqual([
      `╭─ roles[3] ${'─'.repeat(87)}╮`,
      `│inside${' '.repeat(92)}│`,
      `│${' '.repeat(98)}│`,
      `╰${'─'.repeat(90)} 1-3/3 ─╯`,
    ]);
  });

  it('shorten a title that does not fit, and keep the border whole', () => {
    const [top = ''] = frame(
      <Box width={20}>
        <FrameBox columns={20} body={1} title={[{ text: 'x'.repeat(40) }]}>
          <Text> </Text>
        </FrameBox>
      </Box>,
    ).split('\n');
    expect(top).toHaveLength(20);
    expect(top).toMatch(/^╭─ x+… ─╮$/);
  });

  it('mark the cursor, marks and health without colour', () => {
    const row = {
      id: 'a',
      text: 'payments  api',
      found: '',
      role: 'text',
      health: '✗ TRUST',
      healthRole: 'error',
      selected: true,
      mark: '*',
    } as const;
    const [header, first, second] = frame(
      <RowList
        width={50}
        header="NAMESPACE  SERVICE ACCOUNT"
        lines={[row, { ...row, id: 'b', selected: false, mark: ' ' }]}
      />,
    ).split('\n');
    expect(header).toMatch(/^ {3}NAMESPACE {2}SERVICE ACCOUNT +HEALTH$/);
    expect(first).toMatch(/^▌\* payments {2}api +✗ TRUST/);
    expect(second).toMatch(/^ {3}payments {2}api +✗ TRUST/);
  });

  it('keep the caret of a long field in sight', () => {
    expect(frame(<FieldText field={fieldOf('abcdefghij')} focused width={6} />)).toBe('fghij▏');
    expect(frame(<FieldText field={{ value: 'abcdefghij', caret: 0 }} focused width={6} />)).toBe('▏abcd…');
    expect(frame(<FieldText field={fieldOf('')} focused={false} width={10} placeholder="(none)" />)).toBe('(none)');
  });

  it('tell the focused button by its brackets', () => {
    expect(frame(<Button label="Cancel" focused />)).toBe('[ Cancel ]');
    expect(frame(<Button label="Apply" focused={false} />)).toBe('< Apply >');
    expect(frame(<Phrase phrase="prod" typed={fieldOf('prod')} focused={false} />)).toContain('✓');
    expect(frame(<Phrase phrase="prod" typed={fieldOf('pro')} focused={false} />)).not.toContain('✓');
  });

  it('let a pane fail alone, in words', () => {
    const text = frame(
      <PaneBoundary>
        <Failing />
      </PaneBoundary>,
    );
    expect(text).toContain('✗ This screen failed');
    expect(text).toContain('no such\ufffd thing');
  });

  it('fit a static table into its width', () => {
    const text = frame(<StaticTable records={[{ POD: 'x'.repeat(60), PHASE: 'Running' }]} width={40} />);
    for (const row of text.split('\n')) expect(row.length).toBeLessThanOrEqual(40);
    expect(text).toContain('Running');
    expect(text).toContain('…');
  });

  it('scroll a page no further than its end', () => {
    const lines = Array.from({ length: 5 }, (_, index) => line(`line ${index}`));
    expect(frame(<Page lines={lines} scroll={99} height={2} />)).toBe(' line 3\n line 4');
    expect(pagePosition(5, 1, 2)).toBe('2-3/5  ▾ 2 more');
    expect(pagePosition(0, 0, 2)).toBe('0-0/0');
  });

  it('show a window of the choices around the picked one', () => {
    const choices = Array.from({ length: 9 }, (_, index) => ({ value: `role-${index}`, hint: 'trusts pods' }));
    const text = frame(<Choices choices={choices} picked={5} limit={4} width={60} />);
    expect(text).toMatch(/▌ role-5/);
    expect(text).toContain('role-2');
    expect(text).not.toContain('role-1');
    expect(text).toContain('6 of 9');
  });
});
