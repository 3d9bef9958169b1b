import type { Place, ResponseNode } from './node.js';
import type { ResultObject, Selection } from './plan.js';

/** An object, and what was read for one of its fields. */
export interface LateValue {
  readonly node: ResponseNode;
  readonly value: unknown;
}

const none: readonly LateValue[] = [];

/** Objects of one type that stand beside each other: a field is filled in for all of them before the next one is. */
export class Level {
  readonly selection: Selection;
  readonly nodes: ResponseNode[] = [];
  readonly #late = new Map<number, LateValue[]>();
  readonly #lateOfOne: unknown[] = [];

  constructor(selection: Selection) {
    this.selection = selection;
  }

  /** Begins an object, and returns what stands in the answer. `place` is undefined for the root. */
  add(source: unknown, place: Place | undefined): ResultObject {
    const late = this.#lateOfOne;
    const result = this.selection.begin(source, late);
    const node = { source, result, place };
    this.nodes.push(node);
    if (late.length > 0) {
      for (let at = 0; at < late.length; at += 2) this.#lateOf(late[at] as number).push({ node, value: late[at + 1] });
      late.length = 0;
    }
    return result;
  }

  /** The objects that could not begin with this field, with what was read. */
  late(number: number): readonly LateValue[] {
    return this.#late.get(number) ?? none;
  }

  #lateOf(number: number): LateValue[] {
    let values = this.#late.get(number);
    if (values === undefined) this.#late.set(number, (values = []));
    return values;
  }
}
