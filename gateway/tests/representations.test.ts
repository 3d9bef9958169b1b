import { representationsOf } from '@bailiwick/gateway/execution/representations';
import type { ResponseObject } from '@bailiwick/gateway/execution/responseObject';

const field = (name: string) => ({ kind: 'Field' as const, name });
const fulfils = (condition: string, typename: string): boolean => condition === typename;

/** What is asked about these targets, and which of them each question stands for. */
function asked(
  targets: readonly ResponseObject[],
  fields: readonly string[] = ['id'],
  rewrite?: (value: unknown) => void,
): [ResponseObject, number[]][] {
  const represent = representationsOf(['__typename', ...fields].map(field), rewrite, fulfils);
  const { values, targetsOf } = represent(targets);
  expect(targetsOf).toHaveLength(values.length);
  return values.map((value, number) => [value, targetsOf[number]!.map((target) => targets.indexOf(target))]);
}

const renamed = (value: unknown): void => void Object.assign(value as object, { __typename: 'Matter' });

describe('what a subgraph is asked about', () => {
  test('is each entity once, whatever stands between its targets', () => {
    const [suit, other, same] = ['1', '2', '1'].map((id) => ({ __typename: 'Suit', id }));
    expect(asked([suit!, other!, same!])).toEqual([
      [{ __typename: 'Suit', id: '1' }, [0, 2]],
      [{ __typename: 'Suit', id: '2' }, [1]],
    ]);
  });

  test('is two entities where two types have the same id', () => {
    const targets = ['Suit', 'Audit', 'Suit'].map((__typename) => ({ __typename, id: '1' }));
    expect(asked(targets).map(([, of]) => of)).toEqual([[0, 2], [1]]);
  });

  test('is two entities where two types are rewritten to one, with an id alone and with more', () => {
    const targets = ['Suit', 'Audit', 'Suit'].map((__typename) => ({ __typename, id: '1', region: 'north' }));
    for (const fields of [['id'], ['id', 'region']]) {
      const found = asked(targets, fields, renamed);
      expect(found.map(([{ __typename: typename }, of]) => [typename, of])).toEqual([
        ['Matter', [0, 2]],
        ['Matter', [1]],
      ]);
    }
  });

  test('takes a number and a text for two ids, and types and ids that run into each other for different ones', () => {
    const targets = [
      { __typename: 'Suit', id: 1 },
      { __typename: 'Suit', id: '1' },
      { __typename: 'Suit', id: 'A 1' },
      { __typename: 'Suit A', id: '1' },
      { __typename: 'Suit', id: '{"__typename":"Suit","id":1}' },
      { __typename: 'Suit', id: 1 },
    ];
    expect(asked(targets).map(([, of]) => of)).toEqual([[0, 5], [1], [2], [3], [4]]);
  });

  test('compares keys of several fields and of objects by all that they say', () => {
    const suit = (region: string, court: string): ResponseObject => ({
      __typename: 'Suit',
      id: '1',
      region,
      court: { name: court },
    });
    const selected = [
      { kind: 'Field' as const, name: '__typename' },
      field('id'),
      field('region'),
      { kind: 'Field' as const, name: 'court', selections: [field('name')] },
    ];
    const targets = [suit('north', 'High'), suit('south', 'High'), suit('north', 'High'), suit('north', 'Small')];
    const { values, targetsOf } = representationsOf(selected, undefined, fulfils)(targets);
    expect(values).toHaveLength(3);
    expect(targetsOf.map((of) => of.map((target) => targets.indexOf(target)))).toEqual([[0, 2], [1], [3]]);
  });

  test('leaves out what lacks a required field or a type', () => {
    expect(asked([{ __typename: 'Suit' }, { id: '1' }, { __typename: null, id: '1' }])).toEqual([]);
  });
});
