import { Loader, TextMap } from '@bailiwick/kernel/graphql';

/** A loader of the lengths of texts that remembers what it was asked for. */
function lengths(answer = async (keys: readonly string[]): Promise<(number | Error)[]> => keys.map(({ length }) => length)) {
  const asked: string[][] = [];
  const loader = new Loader<number>(async (keys) => {
    asked.push([...keys]);
    return answer(keys);
  });
  return { asked, loader };
}

test('what is asked for in one tick is loaded at once, each key once', async () => {
  const { asked, loader } = lengths();
  const found = await Promise.all([
    loader.load('a'),
    loader.loadEach(['bb', 'a', 'ccc']),
    Promise.resolve().then(() => loader.load('dddd')),
  ]);
  expect(found).toEqual([1, [2, 1, 3], 4]);
  expect(asked).toEqual([['a', 'bb', 'ccc', 'dddd']]);
});

test('what is known already is not loaded again', async () => {
  const { asked, loader } = lengths();
  await loader.loadEach(['a', 'bb']);
  expect(await loader.loadEach(['bb', 'ccc', 'a'])).toEqual([2, 3, 1]);
  expect(await loader.loadEach([])).toEqual([]);
  expect(asked).toEqual([['a', 'bb'], ['ccc']]);
});

test('what is known waits for what is being asked for, so that the next level is asked for together', async () => {
  const { asked, loader } = lengths();
  await loader.load('a');
  const next = (text: string) => loader.load(`${text} next`);
  await Promise.all([loader.load('a').then(() => next('a')), loader.load('b').then(() => next('b'))]);
  expect(asked.map((keys) => keys.sort())).toEqual([['a'], ['b'], ['a next', 'b next']]);
});

test('what is remembered is not loaded, and what was asked for before is not forgotten for it', async () => {
  const { asked, loader } = lengths();
  const before = loader.load('a');
  loader.remember(
    () =>
      new TextMap([
        ['a', 100],
        ['bb', 200],
      ]),
  );
  expect([await before, await loader.load('a'), await loader.load('bb'), await loader.load('ccc')]).toEqual([1, 1, 200, 3]);
  expect(asked).toEqual([['a'], ['ccc']]);
});

test('what is remembered is looked at once a key is asked for that is not known', async () => {
  const { asked, loader } = lengths();
  let looked = 0;
  loader.remember(() => {
    looked += 1;
    return new TextMap([['bb', 200]]);
  });
  expect([await loader.loadEach([]), looked]).toEqual([[], 0]);
  expect([await loader.load('a'), await loader.load('a'), looked]).toEqual([1, 1, 1]);
  expect([await loader.load('bb'), looked, asked]).toEqual([200, 1, [['a']]]);
});

test('an error in the place of a value fails its own key', async () => {
  const { loader } = lengths(async (keys) => keys.map((key) => (key === 'bad' ? new Error('no bad') : key.length)));
  expect(await loader.loadEach(['a', 'bad'])).toEqual([1, new Error('no bad')]);
  await expect(loader.load('bad')).rejects.toThrow('no bad');
});

test('a failure fails every key that was asked for, and no key that is asked for later', async () => {
  let isDown = true;
  const { loader } = lengths(async (keys) => {
    if (isDown) throw new Error('down');
    return keys.map(({ length }) => length);
  });
  expect(await loader.loadEach(['a', 'bb'])).toEqual([new Error('down'), new Error('down')]);
  isDown = false;
  expect(await loader.load('ccc')).toBe(3);
});

test('an answer of another length is a fault of the loader', async () => {
  const { loader } = lengths(async () => [1]);
  await expect(loader.load('a')).resolves.toBe(1);
  await expect(loader.loadEach(['b', 'c'])).resolves.toEqual([
    new Error('A loader was asked for 2 keys and returned 1 values.'),
    new Error('A loader was asked for 2 keys and returned 1 values.'),
  ]);
});

test('more keys than one statement takes are loaded in several', async () => {
  const { asked, loader } = lengths();
  const keys = Array.from({ length: 12_000 }, (_none, index) => String(index));
  expect(await loader.loadEach(keys)).toEqual(keys.map(({ length }) => length));
  expect(asked.map(({ length }) => length)).toEqual([5_000, 5_000, 2_000]);
});
