import { randomInt } from 'node:crypto';
import { validationError } from '../../errors.js';
import { isObject, type Json, type JsonObject } from '../../json.js';
import { textOf } from '../members.js';

const kinds = [
  { exclude: 'ExcludeLowercase', characters: 'abcdefghijklmnopqrstuvwxyz' },
  { exclude: 'ExcludeUppercase', characters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { exclude: 'ExcludeNumbers', characters: '0123456789' },
  { exclude: 'ExcludePunctuation', characters: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' },
];

/**
 * Generates the value for `GenerateSecretString`: a random password, alone or as a member of a JSON object.
 *
 * @throws AwsError `ValidationError` when no characters are left, or the template is not a JSON object
 */
export function generateSecretString(recipe: JsonObject): string {
  const password = randomPassword(recipe);
  const template = textOf(recipe, 'SecretStringTemplate');
  const key = textOf(recipe, 'GenerateStringKey');
  if (template === undefined && key === undefined) return password;
  if (template === undefined || key === undefined)
    throw validationError('SecretStringTemplate and GenerateStringKey are given together or not at all.');
  return JSON.stringify({ ...parseTemplate(template), [key]: password });
}

function randomPassword(recipe: JsonObject): string {
  const length = typeof recipe['PasswordLength'] === 'number' ? recipe['PasswordLength'] : 32;
  const excluded = new Set(textOf(recipe, 'ExcludeCharacters'));
  const included = [
    ...kinds.filter(({ exclude }) => recipe[exclude] !== true).map(({ characters }) => characters),
    ...(recipe['IncludeSpace'] === true ? [' '] : []),
  ]
    .map((characters) => [...characters].filter((character) => !excluded.has(character)))
    .filter((characters) => characters.length > 0);
  const all = included.flat();
  // By default, Secrets Manager requires one character of each type.
  const demanded = recipe['RequireEachIncludedType'] === false ? [] : included.map(pickOne);
  if (all.length === 0 || length < demanded.length)
    throw validationError(
      'GenerateSecretString leaves too few characters: exclude fewer of them, or ask for a longer password.',
    );
  const rest = Array.from({ length: length - demanded.length }, () => pickOne(all));
  return shuffled([...demanded, ...rest]).join('');
}

const pickOne = (characters: readonly string[]): string => characters[randomInt(characters.length)] ?? '';

function shuffled(characters: readonly string[]): readonly string[] {
  const left = [...characters];
  return characters.map(() => left.splice(randomInt(left.length), 1)[0] ?? '');
}

function parseTemplate(template: string): JsonObject {
  let value: Json = null;
  try {
    value = JSON.parse(template);
  } catch {
    // Reported below, together with JSON that is not an object.
  }
  if (!isObject(value)) throw validationError('SecretStringTemplate must be the text of a JSON object.');
  return value;
}
