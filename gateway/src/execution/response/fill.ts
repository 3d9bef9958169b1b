import { compiled, compiledWhenOften, memberOf, propertyKey } from '@bailiwick/kernel/graphql';
import type { ResponseObject } from '../responseObject.js';

/** What of an object is answered under one name. */
export interface Filled<Run> {
  readonly name: string;
  /** Its name in what the subgraphs answered. */
  readonly source: string;
  readonly mayBeNull: boolean;
  /** Whether a value other than null is answered as it is; undefined for what `within` has to make. */
  readonly isValid: ((value: unknown) => boolean) | undefined;
  /** Makes what is answered of a value; `failed` where the object can not be answered without it. */
  readonly within: (value: unknown, run: Run) => unknown;
}

/**
 * Makes the object that is answered from what the subgraphs answered, or `failed`. Undefined, with nothing made yet, where a value is not valid: then the
 * object is looked at field by field, which also says what is wrong.
 */
export type Fill<Run, Failed> = (data: ResponseObject, run: Run) => ResponseObject | Failed | undefined;

/** Makes the function for objects of which this is answered. Until it is worth compiling, every object is looked at field by field. */
export function fillOf<Run, Failed extends symbol>(fields: readonly Filled<Run>[], failed: Failed): Fill<Run, Failed> {
  return compiledWhenOften<ResponseObject, Run, ResponseObject | Failed | undefined>(
    () => undefined,
    () => compileFill(fields, failed),
  );
}

function compileFill<Run, Failed extends symbol>(fields: readonly Filled<Run>[], failed: Failed): Fill<Run, Failed> {
  const given: Record<string, unknown> = { failed };
  const leaves: string[] = [];
  const others: string[] = [];
  fields.forEach(({ source, mayBeNull, isValid, within }, number) => {
    const value = `value${number}`;
    const read = `let ${value} = ${memberOf('data', source)};`;
    if (isValid) {
      given[`isValid${number}`] = isValid;
      const isMissing = `${value} === null || ${value} === undefined`;
      leaves.push(
        mayBeNull
          ? `${read} if (${isMissing}) ${value} = null; else if (!isValid${number}(${value})) return undefined;`
          : `${read} if (${isMissing} || !isValid${number}(${value})) return undefined;`,
      );
    } else {
      given[`within${number}`] = within;
      others.push(`${read} ${value} = within${number}(${value}, run); if (${value} === failed) return failed;`);
    }
  });
  const properties = fields.map(({ name }, number) => `${propertyKey(name)}: value${number}`);
  // Leaves first: whatever is reported by the others is reported once.
  return compiled(`(data, run) => { ${[...leaves, ...others].join('\n')} return { ${properties.join(', ')} }; }`, given);
}
