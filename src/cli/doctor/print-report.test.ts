import { expect, test } from 'vitest';
import { toCheckLines, toExitCode, toReportJson, toSummary } from './print-report.ts';
import type { DoctorReport, ReportedCheck } from './examine.ts';

const host: ReportedCheck = {
  name: 'host',
  state: 'bad',
  says: 'Host arrives as a\u001B[31mb\nc',
  fault: 'host',
  measured: { host: 'changed' },
  lines: ['nginx:  proxy_set_header Host $http_host;'],
};
const report: DoctorReport = {
  url: 'https://chat.example.com',
  front: 'nginx',
  kind: 'heddle',
  hasProbe: true,
  seconds: 2.54,
  checks: [
    { name: 'reached', state: 'ok', says: '200 in 21 ms', lines: [] },
    host,
    { name: 'path', state: 'skipped', says: 'depends on host', lines: [] },
  ],
};

test('a check is one line, and a line to change below it; nothing of the network reaches the terminal raw', () => {
  expect(toCheckLines(host, false)).toBe(
    '✗ host          Host arrives as a\\u{1b}[31mb\\u{a}c\n                nginx:  proxy_set_header Host $http_host;\n',
  );
  expect(toCheckLines(host, true).startsWith('\u001B[31m✗\u001B[0m host')).toBe(true);
});

test('a text of any length takes a few lines, and JSON has no character that acts on a terminal', () => {
  expect(toCheckLines({ ...host, says: 'a'.repeat(9_000) }, false).length).toBeLessThan(700);
  const says = 'a\u009B31m\u202E\u{E0001}';
  const text = toReportJson({ ...report, checks: [{ ...host, says }] });
  expect(text).toContain('a\\u009b31m\\u202e\\udb40\\udc01');
  expect(JSON.parse(text)).toMatchObject({ checks: [{ says }] });
});

test('the last line counts what there is to change', () => {
  expect(toSummary(report)).toBe('1 thing to change. 2 checks in 2.5 s\n');
  expect(toSummary({ ...report, checks: [], hasProbe: false })).toContain('--probe');
});

test('programs read a report whose names are stable', () => {
  expect(JSON.parse(toReportJson(report))).toEqual({
    url: 'https://chat.example.com',
    front: 'nginx',
    kind: 'heddle',
    probe: true,
    seconds: 2.54,
    checks: [
      { name: 'reached', state: 'ok', says: '200 in 21 ms', measured: {} },
      {
        name: 'host',
        state: 'bad',
        says: host.says,
        measured: { host: 'changed' },
        fault: 'host',
        line: 'nginx:  proxy_set_header Host $http_host;',
      },
      { name: 'path', state: 'skipped', says: 'depends on host', measured: {} },
    ],
  });
});

test('the exit code is 0, 1 for something to change, and 2 where no Heddle was reached', () => {
  expect(toExitCode(report)).toBe(1);
  expect(toExitCode({ ...report, checks: [{ ...host, state: 'warn' }] })).toBe(0);
  expect(toExitCode({ ...report, kind: 'unreached' })).toBe(2);
});
