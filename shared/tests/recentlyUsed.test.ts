import { RecentlyUsed } from '@bailiwick/kernel/graphql';

/** Keeps texts by their length, and says which it had to make anew. */
function texts(limit: number) {
  const made: string[] = [];
  const kept = new RecentlyUsed<{ text: string }>(limit, ({ text }) => text.length);
  return {
    kept,
    made,
    get: (key: string, text: string) =>
      kept.get(key, () => {
        made.push(key);
        return { text };
      }),
  };
}

test('what was not asked for the longest goes first, when all weigh too much', () => {
  const { get, made } = texts(10);
  get('a', '12345');
  get('b', '12345');
  get('a', '12345');
  get('c', '12345');
  get('a', '12345');
  expect(made).toEqual(['a', 'b', 'c']);
  get('b', '12345');
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('what is new stays also where all others were asked for', () => {
  const { get, made } = texts(10);
  for (const key of ['a', 'b', 'a', 'b', 'c', 'c']) get(key, '12345');
  expect(made).toEqual(['a', 'b', 'c']);
});

test('a value that has grown pushes others out once it is weighed again', () => {
  const { kept, get, made } = texts(10);
  get('a', '12345');
  const grown = get('b', '1');
  grown.text = '1234567';
  kept.weighAgain('b');
  get('a', '12345');
  get('b', '1');
  expect(made).toEqual(['a', 'b', 'a', 'b']);
});

test('what alone weighs too much is not kept, and pushes nothing out', () => {
  const { kept, get, made } = texts(10);
  get('a', '12345');
  get('b', '12345678901');
  get('a', '12345');
  const grown = get('c', '1');
  grown.text = '12345678901';
  kept.weighAgain('c');
  get('a', '12345');
  get('b', '12345678901');
  get('c', '1');
  expect(made).toEqual(['a', 'b', 'c', 'b', 'c']);
});

test('what is not kept any more is not weighed', () => {
  const { kept, get, made } = texts(3);
  get('a', '12');
  get('b', '12');
  kept.weighAgain('a');
  get('b', '12');
  expect(made).toEqual(['a', 'b']);
});
