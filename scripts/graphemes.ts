/**
 * `Intl.Segmenter` for the bundle. The real one reads its rules from ICU as it is made, which takes longer than Ink takes
 * to be loaded, and Ink asks it about every line of every frame. What our frames are made of needs no rules: each
 * character stands by itself.
 */

/**
 * Characters that are a grapheme each whatever stands beside them, as long as that is one of them too: new line, escape,
 * ASCII, boxes, blocks, Braille and the signs of our screens (Unicode 16, GraphemeBreakProperty: Control or Other; those of
 * Extended_Pictographic join only across a zero width joiner).
 */
const single = /^[\n\x1b\x20-\x7e\u00b7\u00d7\u2026\u2190-\u2193\u0394\u2500-\u25cf\u2713\u2717\u276f\u2800-\u28ff]*$/;

/** Of the same without escape, and of colours. */
const harmless =
  /^(?:[\n\x20-\x7e\u00b7\u00d7\u2026\u2190-\u2193\u0394\u2500-\u25cf\u2713\u2717\u276f\u2800-\u28ff]|\x1b\[[\d;]*m)*$/;

/** Whether Ink's cleaning would leave a text as it is: no control character but new line, no sequence but colours. */
export const isHarmless = (text: string): boolean => harmless.test(text);

type Part = { readonly segment: string; readonly index: number; readonly input: string };

class Singles {
  readonly #input: string;

  constructor(input: string) {
    this.#input = input;
  }

  *[Symbol.iterator](): Generator<Part> {
    const input = this.#input;
    for (let index = 0; index < input.length; index += 1) yield { segment: input.charAt(index), index, input };
  }

  containing(index = 0): Part | undefined {
    const segment = this.#input.charAt(index);
    return segment === '' ? undefined : { segment, index, input: this.#input };
  }
}

/** Segments by graphemes, which is all that is asked for in what is bundled. */
export class Graphemes {
  #whole: Intl.Segmenter | undefined;

  segment(text: string): Singles | Intl.Segments {
    if (single.test(text)) return new Singles(text);
    this.#whole ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    return this.#whole.segment(text);
  }
}
