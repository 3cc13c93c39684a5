import fc from 'fast-check';

/** A number in any form that JSON allows: whole or not, with insignificant zeros, large and small. */
export const numberLiteral = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?$/),
  fc.constantFrom('1.0', '1.10', '1e5', '-0', '0.10', '1E+2', '1e400', '-0.0e0', '12345678901234567890'),
);
