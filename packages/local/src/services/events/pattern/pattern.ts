/** A parsed event pattern: the conditions on each field. */
export interface ObjectPattern {
  readonly kind: 'object';
  /** All of these fields must match. */
  readonly fields: readonly (readonly [name: string, pattern: FieldPattern])[];
  /** At least one alternative of each group (`$or`) must match. */
  readonly alternatives: readonly (readonly ObjectPattern[])[];
}

/** The condition on a field: an object of fields, or a value that matches one of several tests. */
export type FieldPattern = ObjectPattern | { readonly kind: 'leaf'; readonly tests: readonly LeafTest[] };

/** One entry of the list at a leaf of a pattern. */
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
