import { draw, flowOf } from '@bclaw/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyWorkflow, sixtySteps, steps } from './workflows.js';
import { elements, readXml } from './xml-outline.js';

const hello = steps(
  '  - greet: {inputs: {}, image: "hello:1.0", commands: echo hello, outputs: {greeting: greeting.txt}}\n',
);

describe('draw, as SVG', () => {
  it('is one document that needs nothing else', () => {
    const svg = readXml(draw(sixtySteps(), { title: 'exomes' }));
    expect(svg.name).toBe('svg');
    expect(svg.attributes).toMatchObject({ xmlns: 'http://www.w3.org/2000/svg', role: 'img' });
    expect([...elements(svg)].map(({ name }) => name)).not.toContain('script');
    expect(svg.text).not.toMatch(/url\((?!#)|@import|https?:/);
    const [, , width = 0, height = 0] = svg.attributes['viewBox']?.split(' ').map(Number) ?? [];
    expect({ width, height }).toEqual({
      width: Number(svg.attributes['width']),
      height: Number(svg.attributes['height']),
    });
    expect(svg.children.find(({ name }) => name === 'title')?.text).toBe('exomes');
    expect(svg.children.find(({ name }) => name === 'desc')?.text).toBe(
      'Tumour and normal exomes to a clinical report',
    );
  });

  it('shows each step once, with its kind, and tells the rest in its tooltip', () => {
    const svg = readXml(draw(sixtySteps()));
    const drawn = [...elements(svg)].filter(({ attributes }) => /^(step|box) /.test(attributes['class'] ?? ''));
    expect(drawn).toHaveLength(61);
    const kindOf = new Map(drawn.map((each) => [each.children[0]?.text.split('\n')[0], each.attributes['class']]));
    expect(kindOf.get('lanes')).toBe('box scatter');
    expect(kindOf.get('callers')).toBe('box parallel-chooser');
    expect(kindOf.get('interpretation')).toBe('box parallel');
    expect(kindOf.get('review')).toBe('step chooser');
    expect(kindOf.get('signatures')).toBe('step subpipe');
    expect(kindOf.get('give_up')).toBe('step fail');
    expect(kindOf.get('done')).toBe('step succeed');
    expect(kindOf.get('cool_down')).toBe('step native');
    const greet = [...elements(readXml(draw(hello)))].find((each) => each.attributes['class'] === 'step batch');
    expect(greet?.children[0]?.text.split('\n')).toEqual([
      'greet',
      'image: hello:1.0',
      'commands: echo hello',
      'outputs: greeting: greeting.txt',
      'compute: 1 CPU, 1024 MiB',
    ]);
  });

  it('explains in its legend the shapes that there are, and no others', () => {
    const words = (workflow: ReturnType<typeof sixtySteps>) =>
      [...elements(readXml(draw(workflow)))].find((each) => each.attributes['class'] === 'legend')?.text;
    expect(words(hello)).toBe('commands in a container');
    expect(words(sixtySteps())).toContain('scatter: once for each item');
  });

  it('is dark where the reader wants it dark', () => {
    expect(draw(hello)).toContain('@media (prefers-color-scheme: dark)');
  });

  it('stays as it is', () => {
    expect(draw(hello, { title: 'hello' }).replace(/<style>[\s\S]*<\/style>/, '')).toMatchSnapshot();
  });
});

describe('draw, as HTML', () => {
  it('is one page with the picture, the details of every step and nothing from elsewhere', () => {
    const page = draw(sixtySteps(), { format: 'html', title: 'a <b> & "c"' });
    expect(page).toContain('<title>a &lt;b&gt; &amp; &quot;c&quot;</title>');
    expect(page).not.toMatch(/(src|href)=/);
    const [, json = ''] = /<script id="steps" type="application\/json">(.*)<\/script>/.exec(page) ?? [];
    const told: Record<string, { name: string }> = JSON.parse(json);
    const shapes = [...page.matchAll(/class="(?:step|box) [\w-]+" data-id="(\w+)"/g)].map(([, id = '']) => id);
    expect(shapes).toHaveLength(61);
    expect(shapes.toSorted()).toEqual(Object.keys(told).toSorted());
  });

  it('lets no text of a template end its scripts', () => {
    const evil = steps('  - a: {inputs: {}, commands: "</script><script>alert(1)</script><!--"}\n');
    const page = draw(evil, { format: 'html' });
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toContain('<!--');
  });
});

describe('draw, as Mermaid', () => {
  it('is a flowchart with boxes as subgraphs', () => {
    const workflow = steps(
      '  - ask: {inputs: {q: q.json}, choices: [{if: q.x > 1, next: all}]}\n' +
        '  - one: {inputs: {}, commands: x, end: true}\n' +
        '  - all:\n      scatter: {item: [1, 2]}\n      steps: [{each: {inputs: {}, commands: x}}]\n',
    );
    expect(draw(workflow, { format: 'mermaid' })).toMatchSnapshot();
  });

  it('makes one arrow of all that lead from a step to itself, because Mermaid would draw just one', () => {
    const choices = '[{if: q.x, next: ask}, {if: q.y, next: ask}]';
    const workflow = steps(`  - ask: {inputs: {q: q.json}, choices: ${choices}}\n  - one: {inputs: {}, commands: x}\n`);
    const arrows = draw(workflow, { format: 'mermaid' }).match(/n2 -.*-?-> ?.* n2/g);
    expect(arrows).toEqual(['n2 -->|"q.x or q.y"| n2']);
  });

  it('lets no text of a template become syntax', () => {
    const workflow = steps(`  - 'end "] --> x; style a:b #35; %% \`c\` <i>': {inputs: {}, commands: x}\n`);
    const [, , line] = draw(workflow, { format: 'mermaid' }).split('\n');
    expect(line).toBe(
      '  n2("end #34;#93; --#62; x#59; style a#58;b #35;35#59; #37;#37; #96;c#96; #60;i#62;<br/>ubuntu#58;24.04"):::batch',
    );
  });
});

describe('draw, for any workflow', () => {
  it('gives well-formed XML with every step and arrow of the flow', () => {
    fc.assert(
      fc.property(anyWorkflow, (workflow) => {
        const all = [...elements(readXml(draw(workflow, { title: 'any' })))];
        const flow = flowOf(workflow);
        const ids = all.flatMap(({ attributes }) => attributes['data-id'] ?? []);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { id } of flow.nodes) expect(ids).toContain(id);
        for (const { from, to } of flow.edges)
          expect(all.some((each) => each.attributes['data-from'] === from && each.attributes['data-to'] === to)).toBe(
            true,
          );
        expect(all.map(({ text }) => text).join('')).not.toMatch(/NaN|undefined|Infinity/);
        for (const { attributes } of all)
          expect(Object.values(attributes).join(' ')).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});
