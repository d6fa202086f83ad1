/**
 * Measures the time for each byte of 1, 2 and 4 MB of streams that make parsers quadratic:
 * `node bench/wire-shape.ts`. The rows of a linear parser are flat.
 */
import { createParser } from 'heddle/wire';
import { measureInTurns, median } from './wire/measure.ts';

const megabytes = [1, 2, 4];
const shapes: Readonly<Record<string, (size: number) => string>> = {
  'one data line': (size) => `data: ${'x'.repeat(size)}\n\n`,
  'one data line of Chinese': (size) => `data: ${'豆'.repeat(size / 3)}\n\n`,
  'one comment': (size) => `:${'x'.repeat(size)}\n\n`,
  'one unknown field': (size) => `${'x'.repeat(size)}\n\n`,
  'many tiny fields': (size) => `${'data\n'.repeat(size / 5)}\n`,
  'many tiny data lines, as many as the limit lets in': (size) =>
    `data:豆豆豆豆\n${'data:xxx\n'.repeat((size - 12) / 9)}\n`,
  'many tiny events': (size) => 'data:x\n\n'.repeat(size / 8),
  'many lines ended by CR, one LF at the end': (size) => `${'data:x\r'.repeat(size / 7)}\n\n`,
  'many lines ended by LF, one CR at the end': (size) => `${'id:x\n'.repeat(size / 5)}\r\n`,
};
const chunkSizes: Readonly<Record<string, number>> = {
  whole: Infinity,
  '64 KiB': 65_536,
  '1400 bytes': 1400,
  '16 bytes': 16,
};

process.stdout.write(`nanoseconds a byte over ${megabytes.join(', ')} MB\n`);
for (const [shape, make] of Object.entries(shapes)) {
  for (const [chunking, size] of Object.entries(chunkSizes)) {
    const contestants = megabytes.map((count) => {
      const bytes = new TextEncoder().encode(make(count * 1_000_000));
      // The shape of the limit counts exactly its bytes. Fields without a value count for more than their
      // bytes.
      const maxEventBytes = count * (shape.includes('limit') ? 1_000_000 : 2_000_000);
      const step = Math.min(size, bytes.length);
      const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) =>
        bytes.slice(i * step, (i + 1) * step),
      );
      return {
        name: String(count),
        run: () => {
          const parser = createParser({ maxEventBytes, onComment: () => {}, onFrame: () => {} });
          for (const chunk of chunks) parser.push(chunk);
        },
      };
    });
    const times = await measureInTurns(contestants, 5);
    const perByte = [...times].map(([count, time]) =>
      (median(time) / (Number(count) * 1_000_000)).toFixed(2),
    );
    process.stdout.write(`${shape.padEnd(52)}${chunking.padEnd(12)}${perByte.join('  ')}\n`);
  }
}
