import { expect, onTestFinished, test, vi } from 'vitest';
import { doctor } from './doctor.ts';

test.each(['ftp://example.com', 'http://a b', 'http://ada:secret@example.com', 'ada:secret@example.com', ''])(
  'a URL that is none (%s) is not reached, for people and for programs',
  async (url) => {
    let text = '';
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    onTestFinished(() => write.mockRestore());
    expect(await doctor(url, { json: true })).toBe(2);
    expect(JSON.parse(text)).toMatchObject({
      kind: 'unreached',
      checks: [{ name: 'reached', state: 'bad' }],
    });
    expect(await doctor(url, {})).toBe(2);
    expect(text).toContain('✗ reached ');
    expect(text).not.toContain('secret');
  },
);
