import { Box, Text } from 'ink';
import { useSyncExternalStore } from 'react';
import { Button } from '../../components/buttons.tsx';
import { FrameBox } from '../../components/frame-box.tsx';
import { SpanLine } from '../../components/spans.tsx';
import type { App } from '../../controller/app.ts';
import { clusterRef } from '../../controller/app.ts';
import { factsFor, openChoices } from '../../controller/form.ts';
import { useApp, useRevision, useUi } from '../../hooks/use-app.ts';
import { type Form, shownFields } from '../../state/form.ts';
import { type Choice, type FormFacts, formCluster, roleArnOf } from '../../state/form-facts.ts';
import { type FieldId, fieldName } from '../../state/form-fields.ts';
import { createRequest, updateRequest } from '../../state/form-request.ts';
import { firstError, type Verdicts, validate } from '../../state/form-validation.ts';
import { windowOf } from '../../state/form-window.ts';
import { type Layout, layoutOf } from '../../state/layout.ts';
import type { Line } from '../../state/lines.ts';
import { formCommand } from '../../text/form-command.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { Choices, choicesHeight } from './choices.tsx';
import { linesBelow } from './field-lines.ts';
import { FieldRow, fieldWidths, labelWidth } from './field-row.tsx';
import { commandBlock, preflightLines } from './preflight-lines.ts';

/** What stands under the fields: the checks, or the equal command. */
function footOf(form: Form, facts: FormFacts, layout: Layout): readonly Line[] {
  const width = layout.width - 3;
  if (form.asCommand) return commandBlock(commandOf(form, facts), width, Math.max(2, Math.floor(layout.body / 3)));
  return layout.mode === 'list' ? [] : preflightLines(form, facts, width);
}

function commandOf(form: Form, facts: FormFacts): string {
  const cluster = clusterRef(formCluster(facts)?.id ?? form.text.cluster.value.trim());
  const roleArn = roleArnOf(form.text.role.value, facts);
  const request = form.original ? updateRequest(form, form.original, roleArn) : createRequest(form, roleArn);
  return formCommand(cluster, request);
}

type Block = { readonly field: FieldId; readonly below: readonly Line[]; readonly height: number };

/** Each field with the lines that it takes. */
function blocksOf(
  form: Form,
  facts: FormFacts,
  verdicts: Verdicts,
  layout: Layout,
  choices: { readonly count: number; readonly limit: number },
): readonly Block[] {
  const width = layout.width - 1;
  return shownFields(form).map(field => {
    const focused = form.focus === field;
    const below = linesBelow(form, facts, field, verdicts[field].text, {
      focused,
      width: width - labelWidth - 1,
      noteWidth: fieldWidths(width).note,
    });
    const shown = layout.mode === 'list' && !focused ? [] : below;
    const list = focused ? choicesHeight(choices.count, choices.limit) : 0;
    return { field, below: shown, height: 1 + shown.length + list };
  });
}

/** The fields that fit, around the one with the focus, and how its list is cut. */
function windowFor(app: App, form: Form, facts: FormFacts, verdicts: Verdicts, layout: Layout, room: number) {
  const choices: readonly Choice[] = openChoices(app, form);
  const limit = Math.min(8, Math.max(2, room - 6));
  const blocks = blocksOf(form, facts, verdicts, layout, { count: choices.length, limit });
  // With a button in focus the end of the form is what is looked at.
  const at = blocks.findIndex(({ field }) => field === form.focus);
  const heights = blocks.map(({ height }) => height);
  const { from, to } = windowOf(heights, at < 0 ? blocks.length - 1 : at, room);
  return { choices, limit, from, to, of: blocks.length, blocks: blocks.slice(from, to) };
}

type FieldsProps = {
  readonly form: Form;
  readonly verdicts: Verdicts;
  readonly shown: ReturnType<typeof windowFor>;
  readonly width: number;
  readonly room: number;
};

function Fields({ form, verdicts, shown, width, room }: FieldsProps) {
  const { blocks, choices, limit } = shown;
  return (
    <Box flexDirection="column" height={room} overflow="hidden">
      {blocks.map(({ field, below }) => (
        <Box key={field} flexDirection="column" flexShrink={0}>
          <FieldRow form={form} field={field} verdict={verdicts[field]} width={width - 1} />
          {form.focus === field && choices.length > 0 && (
            <Choices choices={choices} picked={form.choice ?? 0} limit={limit} width={width - labelWidth - 4} />
          )}
          {below.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line beneath a field is its place
            <Box key={index} paddingLeft={labelWidth}>
              <SpanLine line={line} />
            </Box>
          ))}
        </Box>
      ))}
    </Box>
  );
}

/** A new association, or a change to one. Nothing is sent from here. */
export function FormScreen() {
  const app = useApp();
  const theme = useTheme();
  useRevision();
  useSyncExternalStore(app.policies.subscribe, app.policies.get);
  const form = useUi(state => state.form);
  const columns = useUi(state => state.columns);
  const rows = useUi(state => state.rows);
  const layout = layoutOf(columns, rows);
  if (!form) return null;
  const facts = factsFor(app, form);
  const verdicts = validate(form, facts);
  const foot = footOf(form, facts, layout);
  const airy = layout.mode === 'full' && !form.made;
  const room = Math.max(1, layout.body - foot.length - (airy ? 4 : 2));
  const shown = windowFor(app, form, facts, verdicts, layout, room);
  const cut = shown.to - shown.from < shown.of ? `fields ${shown.from + 1}-${shown.to} of ${shown.of}; ` : '';
  const wrong = firstError(form, verdicts);
  const subject = form.original ? ` ${form.original.namespace}/${form.original.serviceAccount}` : '';
  return (
    <FrameBox
      columns={columns}
      body={layout.body}
      title={[
        { text: form.original ? 'change association' : 'new association', role: 'title' },
        { text: clean(subject), role: 'text' },
      ]}
      position={`${cut}nothing is sent from here; the draft is kept`}
    >
      {airy && <Text> </Text>}
      <Fields form={form} verdicts={verdicts} shown={shown} width={layout.width} room={room} />
      {foot.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the foot is its place
        <Box key={index} paddingLeft={1}>
          <SpanLine line={line} />
        </Box>
      ))}
      {airy && <Text> </Text>}
      <Text> </Text>
      <Box paddingLeft={layout.mode === 'list' ? 2 : labelWidth}>
        <Button label="Cancel" focused={form.focus === 'cancel'} />
        <Text>{'   '}</Text>
        <Button label="Review" focused={form.focus === 'review'} enabled={wrong === undefined} />
        <Text wrap="truncate" {...theme.roles.dim}>
          {wrong ? `   ${fieldName(wrong)} first` : '   <ctrl-s>'}
        </Text>
      </Box>
    </FrameBox>
  );
}
