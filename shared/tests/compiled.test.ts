import { compiled, compiledLookup, compiledWhenOften, compiling, memberOf, propertyKey } from '../src/graphql/compiled.js';

const copyOf = (name: string) =>
  compiled<(value: object) => object>(`(value) => ({ ${propertyKey(name)}: ${memberOf('value', name)} })`, {});

test('any name of GraphQL is a property like any other', () => {
  for (const name of ['id', '_', '__typename', 'constructor', 'toString', 'return']) {
    const copy = copyOf(name)({ [name]: 1 });
    expect(Object.entries(copy)).toEqual([[name, 1]]);
  }
  const proto = copyOf('__proto__')(JSON.parse('{ "__proto__": { "polluted": true } }') as object);
  expect(Object.keys(proto)).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(proto)).toBe(Object.prototype);
  expect('polluted' in proto).toBe(false);
});

test.each(['a"b', 'a b', '', '1a', 'a]: 1, [evil()', 'ä', 'a\n', 'a.b'])('%j is refused as a name', (name) => {
  expect(() => copyOf(name)).toThrow(`"${name}" is no name that a function can be made with.`);
});

test('what is given is known by its name', () => {
  expect(compiled<() => number>('() => answer', { answer: 42 })()).toBe(42);
});

test('a function is compiled once it is called often', () => {
  let made = 0;
  const answer = compiledWhenOften<number, number, string>(
    () => 'plain',
    () => {
      made += 1;
      return () => 'compiled';
    },
  );
  const answers = Array.from({ length: compiling.after + 2 }, (_, index) => answer(index, index));
  expect(answers.filter((one) => one === 'plain')).toHaveLength(compiling.after);
  expect(answers.slice(-2)).toEqual(['compiled', 'compiled']);
  expect(made).toBe(1);
});

test('a compiled lookup finds the text itself and nothing else', () => {
  const nameOf = compiledLookup([
    ['open', 'OPEN'],
    ['"; throw 1; "', 'QUOTED'],
    ['line\u2028end\\', 'LINES'],
    ['__proto__', 'PROTO'],
    ['twice', 'FIRST'],
    ['twice', 'LAST'],
  ]);
  expect(['open', '"; throw 1; "', 'line\u2028end\\', '__proto__', 'twice'].map(nameOf)).toEqual([
    'OPEN',
    'QUOTED',
    'LINES',
    'PROTO',
    'LAST',
  ]);
  const others = [
    'OPEN',
    'open ',
    '',
    'constructor',
    undefined,
    null,
    1,
    true,
    Object('open'),
    ['open'],
    { toString: () => 'open' },
  ];
  expect(others.map(nameOf)).toEqual(others.map(() => undefined));
  expect(compiledLookup([])('open')).toBeUndefined();
});
