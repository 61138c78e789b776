import { factsOf } from '../controller/facts.ts';
import { subjectOf } from '../controller/subject.ts';
import { commandOf } from '../text/cli.ts';
import { clean, cleanLines } from '../text/sanitise.ts';
import type { Talk } from './talk.ts';

/** Says the row under the cursor, or what a detail is about, as what would be copied of it on a screen. */
export async function tellFacts({ app, say }: Talk, as: 'cli' | 'json' | 'yaml'): Promise<void> {
  const subject = subjectOf(app, app.store.get());
  if (!subject) return say('Of which line? cli NUMBER, json NUMBER or yaml NUMBER.');
  if (as === 'cli') return say(clean(commandOf(subject)));
  const facts = factsOf(app, subject);
  if (facts === undefined) return say('It has not been read yet.');
  const text = as === 'json' ? JSON.stringify(facts, undefined, 2) : (await import('../text/yaml.ts')).yamlText(facts);
  for (const line of cleanLines(text.trimEnd())) say(line);
}
