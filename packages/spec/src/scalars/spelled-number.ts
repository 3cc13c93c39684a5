/**
 * A JSON number that JavaScript would write differently: `1.10`, `1.0`, `1e5`. In JavaScript's arithmetic it is the
 * number that it represents.
 */
export class SpelledNumber extends Number {
  /** The number as written. */
  readonly text: string;

  constructor(text: string) {
    super(text);
    this.text = text;
  }

  override toString(): string {
    return this.text;
  }

  /** `JSON.stringify` cannot keep the spelling: use `jsonText`. */
  toJSON(): never {
    throw new TypeError('A number that keeps its spelling is no number of JSON.stringify.');
  }
}
