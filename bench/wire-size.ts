/** Measures what `heddle/wire` alone adds to a page: bundled, minified, compressed. */
import * as wire from 'heddle/wire';
import { measureBundle } from './size/measure-bundle.ts';

const { minified, brotli } = await measureBundle('wire', Object.keys(wire));
process.stdout.write(`heddle/wire: ${minified} bytes minified, ${brotli} with brotli\n`);
