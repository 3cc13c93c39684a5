/**
 * A number of JSON that a JavaScript number would write in another way: `1.10`, `1.0`, `1e5`. It is the number that it spells wherever
 * JavaScript reckons with it.
 */
export class SpelledNumber extends Number {
  /** The number as it is written. */
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
