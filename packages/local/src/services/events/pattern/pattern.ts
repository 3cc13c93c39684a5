/** An event pattern that has been read: what each field must be. */
export interface ObjectPattern {
  readonly kind: 'object';
  /** All of these fields must fit. */
  readonly fields: readonly (readonly [name: string, pattern: FieldPattern])[];
  /** Of each group (`$or`) at least one alternative must fit. */
  readonly alternatives: readonly (readonly ObjectPattern[])[];
}

/** What a field must be: an object of fields, or a value that fits one of several tests. */
export type FieldPattern = ObjectPattern | { readonly kind: 'leaf'; readonly tests: readonly LeafTest[] };

/** One entry of the list that a leaf of a pattern is. */
export type LeafTest =
  | { readonly kind: 'exact'; readonly value: Scalar }
  | { readonly kind: 'exists'; readonly expected: boolean }
  | { readonly kind: 'text'; readonly fits: TextTest }
  | { readonly kind: 'numeric'; readonly bounds: readonly NumericBound[] }
  | { readonly kind: 'cidr'; readonly fits: TextTest }
  | { readonly kind: 'anything-but'; readonly values: readonly Scalar[]; readonly texts: readonly TextTest[] };

export type Scalar = string | number | boolean | null;
export type TextTest = (text: string) => boolean;

export interface NumericBound {
  readonly operator: '<' | '<=' | '=' | '>' | '>=';
  readonly value: number;
}
