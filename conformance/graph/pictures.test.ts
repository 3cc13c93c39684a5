import { fileURLToPath, pathToFileURL } from 'node:url';
import { draw, type Flow, flowOf } from '@bclaw/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyWorkflow, everything, sixtySteps } from '../../packages/graph/test/workflows.js';
import { inChromium, literal } from './chromium.js';

const mermaid = pathToFileURL(
  fileURLToPath(new URL('../node_modules/mermaid/dist/mermaid.min.js', import.meta.url)),
).href;
const workflows = [sixtySteps(), everything(), ...fc.sample(anyWorkflow, { numRuns: 60, seed: 11 })];

describe('pictures, in Chromium', () => {
  it('are well-formed, and their text is inside its shape as Chromium sets it', async () => {
    const pictures = workflows.map((workflow) => draw(workflow, { title: 'a <title> & more' }));
    const found = await inChromium(`<script>
      const found = [];
      for (const [index, text] of ${literal(pictures)}.entries()) {
        const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
        const broken = parsed.querySelector('parsererror');
        if (broken) { found.push(index + ': ' + broken.textContent); continue; }
        const svg = document.importNode(parsed.documentElement, true);
        document.body.append(svg);
        const picture = svg.getBoundingClientRect();
        const inside = (text, shape) => {
          const a = text.getBoundingClientRect(), b = shape.getBoundingClientRect();
          if (a.left < b.left - 0.5 || a.right > b.right + 0.5 || a.top < b.top - 1 || a.bottom > b.bottom + 1)
            found.push(index + ': "' + text.textContent + '" sticks out');
        };
        for (const group of svg.querySelectorAll('.step, .box, .terminal, .label')) {
          const shape = group.querySelector(':scope > .shape, :scope > .label-back');
          for (const text of group.querySelectorAll(':scope > text')) inside(text, shape);
        }
        for (const text of svg.querySelectorAll('text')) inside(text, svg);
        for (const path of svg.querySelectorAll('.edge')) if (!(path.getTotalLength() > 0)) found.push(index + ': an arrow without length');
        if (!(picture.width > 0)) found.push(index + ': no picture');
        svg.remove();
      }
      finish(found);
    </script>`);
    expect(found).toEqual([]);
  });

  it('as pages tell about a step when it is clicked, and ask nothing of the network', async () => {
    const page = draw(sixtySteps(), { format: 'html', title: 'exomes' });
    const told = await inChromium(`<iframe id="frame" width="1200" height="800"></iframe><script>
      const frame = document.getElementById('frame');
      frame.onload = () => {
        const inner = frame.contentDocument;
        const told = {};
        for (const shape of inner.querySelectorAll('#stage [data-id]'))
          if (shape.matches('.step, .box')) {
            shape.dispatchEvent(new frame.contentWindow.MouseEvent('click', { bubbles: true }));
            told[inner.querySelector('#details h2').textContent] = inner.querySelector('#details').textContent;
          }
        const before = inner.querySelector('svg').getBoundingClientRect().width;
        inner.getElementById('closer').click();
        const after = inner.querySelector('svg').getBoundingClientRect().width;
        finish({ told, grew: after / before, requests: frame.contentWindow.performance.getEntriesByType('resource').length });
      };
      frame.srcdoc = ${literal(page)};
    </script>`);
    expect(told).toMatchObject({ requests: 0, told: { fetch_reads: expect.stringContaining('transfer:1.2.0') } });
    expect(told).toHaveProperty('grew', expect.closeTo(1.25, 2));
    expect(told).toHaveProperty(
      ['told', 'review'],
      expect.stringContaining('len(draft.actionable) == 0 → short_report'),
    );
  });
});

/** The text of every node, box and arrow that Mermaid must show. */
function texts(flow: Flow): string[] {
  return [
    ...flow.nodes.flatMap((node) => {
      if (node.kind === 'start' || node.kind === 'end') return [];
      const own = `${node.name} ${node.note}`;
      if (node.kind === 'step') return [own];
      return [
        own,
        ...node.compartments.flatMap(({ label, flow: inner }) => [
          ...(label === undefined ? [] : [label]),
          ...texts(inner),
        ]),
      ];
    }),
    // Mermaid merges arrows from a step to itself; the package's own test covers these.
    ...flow.edges.flatMap(({ from, to, label }) => (label === undefined || from === to ? [] : [label])),
  ];
}

/** Mermaid truncates long conditions and collapses spaces. */
const comparable = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 100);

describe('flowcharts for Mermaid, read and drawn by Mermaid', () => {
  it('are valid, and show every text as it is, however odd', async () => {
    const drawn = await inChromium(`<script src="${mermaid}"></script><div id="picture"></div><script>
      (async () => {
        mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', maxEdges: 2000, maxTextSize: 500000 });
        const picture = document.getElementById('picture');
        const drawn = [];
        for (const [index, text] of ${literal(workflows.map((workflow) => draw(workflow, { format: 'mermaid' })))}.entries()) {
          try {
            const { diagramType } = await mermaid.parse(text);
            picture.innerHTML = (await mermaid.render('m' + index, text)).svg;
            const labels = [...picture.querySelectorAll('.nodeLabel, .edgeLabel p')].map((label) => label.innerText);
            drawn.push({ diagramType, labels });
          } catch (error) {
            drawn.push({ error: String(error), text });
          }
        }
        finish(drawn);
      })();
    </script>`);
    expect(drawn).toHaveLength(workflows.length);
    for (const [index, workflow] of workflows.entries()) {
      const one: unknown = Array.isArray(drawn) ? drawn[index] : undefined;
      expect(one).toMatchObject({ diagramType: 'flowchart-v2', labels: expect.any(Array) });
      if (typeof one !== 'object' || one === null || !('labels' in one) || !Array.isArray(one.labels)) continue;
      const shown = new Set(one.labels.map((label: unknown) => comparable(String(label))));
      for (const text of texts(flowOf(workflow))) expect(shown).toContain(comparable(text));
    }
  });
});
