import { type JobData, parseCarriedValues, parseJobData, substitute, substituteValue } from '@bclaw/spec';
import { fillCommands } from '@bclaw/spec/run-time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberLiteral } from '../number-literal.js';

const data: JobData = {
  job: {
    id: 'S1',
    number: 7,
    big: 1.5e300,
    flag: true,
    nothing: null,
    empty: '',
    list: [1, 'two', null],
    nested: { deep: { value: 'found' }, 'with-hyphen': 3 },
    samples: [
      { name: 'a', ok: true },
      { name: 'b', ok: false },
    ],
    tricky: '${job.id} $& $1',
  },
  scatter: { sample: 's3://b/x.fq', row: { a: 1 } },
  parent: { genome: 's3://b/g.fa' },
};

describe('substitute', () => {
  it.each([
    ['${job.id}', 'S1'],
    ['a${job.id}b${job.number}', 'aS1b7'],
    ['${job.flag} ${job.nothing} ${job.big}', 'true null 1.5e+300'],
    ['[${job.empty}]', '[]'],
    ['${job.list}', '[1,"two",null]'],
    ['${job.nested}', '{"deep":{"value":"found"},"with-hyphen":3}'],
    ['${job.nested.deep.value}', 'found'],
    ['${job.nested.with-hyphen}', '3'],
    ['${job.samples[0].name}', 'a'],
    ['${job.samples[?ok].name}', '["a"]'],
    ['${job.length(samples)}', '2'],
    ["${job.missing || 'default'}", 'default'],
    ['${scatter.sample}', 's3://b/x.fq'],
    ['${scatter.row.a}', '1'],
    ['${parent.genome}', 's3://b/g.fa'],
    ['${HOME} ${job} $HOME', '${HOME} ${job} $HOME'],
    ['${job.tricky}', '${job.id} $& $1'],
  ])('makes %j %j', (text, expected) => {
    expect(substitute(text, data)).toBe(expected);
  });

  it('refuses a form that only commands have', () => {
    expect(() => substitute('${job.id!q}.txt', data)).toThrow(expect.objectContaining({ code: 'bad-reference' }));
    expect(() => substituteValue('${job.list!v}', data)).toThrow('${job.list!v} is for commands');
  });

  it.each([
    '${job.missing}',
    '${job.nested.missing}',
    '${job.list.0}',
    '${job.samples[9]}',
    '${scatter.other}',
    '${parent.x}',
    '${job.toString}',
    '${job.__proto__}',
    '${job.constructor.name}',
  ])('says which value is missing: %s', (text) => {
    expect(() => substitute(text, data)).toThrow(
      expect.objectContaining({ code: 'missing-value', message: expect.stringContaining(text) }),
    );
  });

  it('says what there is instead', () => {
    expect(() => substitute('${scatter.smaple}', data)).toThrow('it has sample, row');
    expect(() => substitute('${parent.x}', { ...data, parent: {} })).toThrow(
      'the parent of the scatter branch is empty',
    );
  });

  it('explains a path that is no JMESPath', () => {
    expect(() => substitute('${job.a[}', data)).toThrow(expect.objectContaining({ code: 'bad-reference' }));
    expect(() => substitute('${job.nofunction(a)}', data)).toThrow(expect.objectContaining({ code: 'bad-reference' }));
  });

  it('puts any text in verbatim', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(substitute('<${job.x}>', { job: { x: value }, scatter: {}, parent: {} })).toBe(`<${value}>`);
      }),
    );
  });

  it('writes other values as JSON that reads back', () => {
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => typeof value !== 'string'),
        (value) => {
          const text = substitute('${job.x}', { job: { x: value }, scatter: {}, parent: {} });
          expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it('finds any key by its own name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]+$/), fc.integer(), (key, value) => {
        expect(substitute(`\${job.${key}}`, { job: Object.fromEntries([[key, value]]), scatter: {}, parent: {} })).toBe(
          String(value),
        );
      }),
    );
  });
});

describe('substituteValue', () => {
  it('keeps the type of a whole reference', () => {
    expect(substituteValue('${job.list}', data)).toEqual([1, 'two', null]);
    expect(substituteValue(' ${job.number} ', data)).toBe(7);
  });

  it('makes a text of everything else', () => {
    expect(substituteValue('${job.number}${job.number}', data)).toBe('77');
    expect(substituteValue('plain', data)).toBe('plain');
  });
});

describe('forms of BayerCLAW', () => {
  const data = { job: { l: ['a', 'b'], n: { x: 1 } }, scatter: { s: 'v' }, parent: { p: 'f.txt' } };

  it('are functions of JMESPath over the job, the branch and its parent', () => {
    expect(substitute('<${join(`,`, job.l)}>', data)).toBe('<a,b>');
    expect(substitute("${join('}', job.l)}", data)).toBe('a}b');
    expect(substitute('${length(job.l)}-${to_string(scatter.s)}-${parent.p}', data)).toBe('2-v-f.txt');
    expect(() => substitute('${join(`,`, job.none)}', data)).toThrow(/join/);
    expect(substitute('${f(x)} ${max(other)}', data)).toBe('${f(x)} ${max(other)}');
  });

  it('are references that `Fn::Sub` should leave alone', () => {
    expect(substitute('${!job.n.x}/${!scatter.s}/${!list}', data)).toBe('1/v/${!list}');
  });
});

describe('a number of the job data', () => {
  const dataOf = (json: string): JobData => {
    const [job, scatter] = [
      parseJobData(`{"job":${json},"scatter":{},"parent":{}}`).job,
      parseCarriedValues(json, 'x'),
    ];
    return { job, scatter: typeof scatter === 'string' ? {} : scatter, parent: {} };
  };

  it('is put in as it is written, wherever it stands and however it is found', () => {
    fc.assert(
      fc.property(numberLiteral, numberLiteral, (number, other) => {
        const data = dataOf(`{"n":${number},"l":[{"n":${number},"o":${other}},"x"],"d":{"e":{"n":${number}}}}`);
        const filled = (reference: string) => substitute(`\${${reference}}`, data);
        for (const scope of ['job', 'scatter'])
          for (const path of [
            'n',
            'l[0].n',
            'd.e.n',
            '"n"',
            'l[*].n | [0]',
            'not_null(n)',
            'to_string(n)',
            '*.e.n | [0]',
          ])
            expect(filled(`${scope}.${path}`)).toBe(number);
        expect(filled('job.l')).toBe(`[{"n":${number},"o":${other}},"x"]`);
        expect(filled('job.l[0].[n, o]')).toBe(`[${number},${other}]`);
        const options = { shell: 'sh', values: 'verbatim' } as const;
        expect(fillCommands(['x ${job.n} ${job.l[0].n}'], data, {}, options)).toBe(`x ${number} ${number}\n`);
      }),
    );
  });

  it('is a number to an expression that reckons with it', () => {
    const data = dataOf('{"l":[{"n":1.10,"id":"a"},{"n":2.0,"id":"b"},{"n":12345678901234567890,"id":"c"}]}');
    const filled = (path: string) => substitute(`\${job.${path}}`, data);
    expect(filled('l[?n == `1.1`].id | [0]')).toBe('a');
    expect(filled('l[?n > `1.5`].n')).toBe('[2.0,12345678901234567890]');
    expect(filled('max(l[*].n)')).toBe('12345678901234567890');
    expect(filled('sum(l[:2].n)')).toBe('3.1');
    expect(filled('join(`","`, map(&to_string(n), l))')).toBe('1.10,2.0,12345678901234567890');
    expect(filled('to_string(l[:2])')).toBe('[{"n":1.10,"id":"a"},{"n":2.0,"id":"b"}]');
    expect(() => filled('n.text')).toThrow('has no value');
    expect(() => filled('l.text')).toThrow('has no value');
  });
});
