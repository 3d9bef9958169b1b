import { randomUUID } from 'node:crypto';
import { TextMap } from '@bailiwick/kernel/graphql';

/** What the map holds, in the form of the engine's own. */
const entriesOf = <Value>(map: TextMap<Value>) => map.keys.map((key, place) => [key, map.values[place]]);

const endings = ['', 'one', 'the same end'];

test.each(endings)('finds what was put under a text, however many there are and whether they end in %j', (ending) => {
  const [map, engines] = [new TextMap<number>(), new Map<string, number>()];
  const texts = Array.from({ length: 500 }, () => `${randomUUID()}${ending}`);
  for (const [index, text] of texts.entries()) {
    expect([map.has(text), map.get(text)]).toEqual([false, undefined]);
    map.set(text, index);
    engines.set(text, index);
    // Each once more, some with another value.
    const earlier = texts[Math.floor(index / 2)]!;
    if (index % 3 === 0) engines.set(earlier, -index);
    if (index % 3 === 0) map.set(earlier, -index);
    expect([map.has(earlier), map.get(earlier)]).toEqual([true, engines.get(earlier)]);
  }
  expect(entriesOf(map)).toEqual([...engines]);
});

test('tells apart texts of every length, the empty one and names of properties among them', () => {
  const texts = [
    '',
    'a',
    'aa',
    'aaaaaaaa',
    'aaaaaaaaa',
    'baaaaaaaa',
    '__proto__',
    'constructor',
    'length',
    'Ä',
    'A\u0308',
    '\ud83d',
    '\0',
    '1',
    '1.0',
  ];
  const map = new TextMap(texts.map((text, index) => [text, index]));
  expect(texts.map((text) => map.get(text))).toEqual(texts.map((_text, index) => index));
  expect(['b', 'aaa', 'hasOwnProperty', '\ud83d\ude00'].map((text) => map.get(text))).toEqual(Array(4).fill(undefined));
});

test('texts that all end alike do not take a hundred times as long as others: who chooses ids can not hold up those who wait', () => {
  const amount = 20_000;
  const filling = (textOf: (index: number) => string): number => {
    // As they come from a connection, not as they are put together.
    const texts = Array.from({ length: amount }, (_none, index) => Buffer.from(textOf(index)).toString());
    const started = performance.now();
    const map = new TextMap<number>();
    for (const text of texts) map.set(text, 1);
    expect(map.keys).toHaveLength(amount);
    return performance.now() - started;
  };
  const alike = () => filling((index) => `${index}-0000-7000-8000-000000000000`);
  const others = () => filling(() => randomUUID());
  // Looked through one by one they take a hundred times as long.
  const best = (measure: () => number) => Math.min(measure(), measure(), measure());
  expect(best(alike) / best(others)).toBeLessThan(50);
});
