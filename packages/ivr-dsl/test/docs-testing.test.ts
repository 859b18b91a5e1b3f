import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as testing from '../src/testing/index.js';
import { Coverage, type FlowTestOptions, flowTest, readCoverage } from '../src/testing/index.js';
import * as view from '../src/view/index.js';
import { shop } from './docs-testing/shop.js';

const page = readFileSync(new URL('../../../docs/ivr-testing.md', import.meta.url), 'utf8');

test('each program of docs/ivr-testing.md is a file that compiles and runs here', () => {
  const samples = new URL('./docs-testing/', import.meta.url);
  const files = readdirSync(samples).map((name) => readFileSync(new URL(name, samples), 'utf8'));
  const blocks = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
  expect(blocks.toSorted()).toEqual(files.toSorted());
});

test('it names every step of a caller, every expectation and every option', () => {
  const caller = flowTest(shop);
  for (const of of [caller, caller.expects]) {
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(of))) {
      if (/^(constructor|does|node|isQueuedIn|isTransferredTo|isOver)$/.test(name)) continue;
      expect(page, name).toContain(`\`${name}`);
    }
  }
  const options: Readonly<Record<keyof FlowTestOptions, true>> = {
    at: true,
    zone: true,
    offsetMin: true,
    from: true,
    dialled: true,
    language: true,
    flows: true,
    calendars: true,
    dialPlan: true,
    modes: true,
    lists: true,
    area: true,
    functions: true,
    http: true,
    fax: true,
    promptLasts: true,
    variables: true,
    coverage: true,
  };
  for (const name of Object.keys(options)) expect(page).toContain(`\`${name}\``);
  for (const name of ['coverEdges', 'randomWalks', 'expectSound', 'expectCoverage', 'readCoverage']) {
    expect(page).toContain(name);
    expect(testing).toHaveProperty(name);
  }
  for (const name of ['toHtml', 'toMermaid', 'toDot', 'TrafficCounter']) {
    expect(page).toContain(name);
    expect(view).toHaveProperty(name);
  }
});

test('what files of tests wrote adds up', () => {
  const one = new Coverage();
  flowTest(shop, { coverage: one }).presses('2');
  const text = one.toJson();
  const both = new Coverage().merge(readCoverage(text)).merge(readCoverage(text));
  expect(both.toFile().flows.shop?.edges['pick keys.2']).toBe(2);
});
