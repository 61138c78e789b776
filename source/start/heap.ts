import v8 from 'node:v8';

/** Kept small on purpose: with more room V8 only lets more garbage lie. */
const settings = [
  // The old generation is cleaned when it has grown by a quarter since the last time; V8 would let it grow fourfold.
  '--heap-growing-percent=25',
  // The young generation stays as small as it starts; V8 would let it grow to 128 MB while a fleet is read.
  '--semi-space-growth-factor=1',
] as const;

/**
 * Makes V8 collect garbage earlier. Reading a fleet makes a hundred times more garbage than facts that stay, and V8
 * trades memory for time: measured with 10,000 associations, 195 MB are resident instead of 481, for a tenth more
 * processor time while reading. Both settings are looked at anew at each collection, so they can be set while running.
 */
export function keepHeapSmall(): void {
  for (const setting of settings) v8.setFlagsFromString(setting);
}
