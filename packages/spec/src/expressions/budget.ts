import { bitLength } from './bit-length.js';
import { EvaluationFailure } from './errors.js';

/** Nodes evaluated and items visited in one evaluation. */
const maximumSteps = 200_000;
/** Characters and items that one evaluation may build, all results together. */
const maximumCells = 4_000_000;
/** Bits of one integer. */
const maximumBits = 20_000;

/** Bounds the work of one evaluation, so that no condition can hang a function or fill its memory. */
export class Budget {
  private steps = maximumSteps;
  private cells = maximumCells;

  /** Spends steps before the work is done. */
  spend(steps = 1): void {
    this.steps -= steps;
    if (this.steps < 0) throw new EvaluationFailure('BudgetExceeded', `it takes more than ${maximumSteps} steps`);
  }

  /** Reserves room for a result before it is built. Building costs time as well: 16 cells are a step. */
  reserve(cells: number): void {
    this.cells -= cells;
    if (!(this.cells >= 0))
      throw new EvaluationFailure('BudgetExceeded', `its results take more than ${maximumCells} characters and items`);
    this.spend(Math.ceil(cells / 16));
  }

  /**
   * Pays for reading the arguments of a function or an operator: texts and large integers, which may have to be read
   * from end to end. Code that iterates over a container pays for each item.
   */
  read(value: unknown): void {
    if (typeof value === 'string') this.spend(value.length >>> 4);
    else if (typeof value === 'bigint') this.spend(bitLength(value) >>> 5);
  }

  /** Rejects an integer that is too large before it is computed. */
  bits(bits: number): void {
    if (!(bits <= maximumBits))
      throw new EvaluationFailure('BudgetExceeded', `an integer would have more than ${maximumBits} bits`);
    this.spend(Math.ceil(bits / 64));
  }
}
