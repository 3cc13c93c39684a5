import type { Shape } from '../flow/model.js';
import { pile } from '../layout/lay-out.js';
import type { Rectangle } from '../layout/picture.js';
import { element, pixels, type Xml } from './xml.js';

/** The outline that shows the kind of a step, even without colours. */
export function outline(shape: Shape, area: Rectangle): readonly Xml[] {
  const { x, y, width, height } = area;
  const right = x + width;
  switch (shape) {
    case 'batch':
      return [box(area, 7)];
    case 'native':
      return [box(area, 0)];
    case 'subpipe': {
      const bars = `M ${pixels(x + 6, y)} v ${pixels(height)} M ${pixels(right - 6, y)} v ${pixels(height)}`;
      return [box(area, 0), element('path', { class: 'shape', d: bars })];
    }
    case 'chooser': {
      const middle = y + height / 2;
      const point = Math.min(16, width / 4);
      return [
        polygon([
          [x, middle],
          [x + point, y],
          [right - point, y],
          [right, middle],
          [right - point, y + height],
          [x + point, y + height],
        ]),
      ];
    }
    case 'succeed':
      return [box(area, height / 2)];
    case 'fail': {
      const cut = Math.min(10, height / 4, width / 4);
      const bottom = y + height;
      return [
        polygon([
          [x + cut, y],
          [right - cut, y],
          [right, y + cut],
          [right, bottom - cut],
          [right - cut, bottom],
          [x + cut, bottom],
          [x, bottom - cut],
          [x, y + cut],
        ]),
      ];
    }
    case 'scatter':
      return pileOfSheets(area);
    case 'parallel':
    case 'parallel-chooser':
      return [box(area, 3)];
  }
}

/** Shows that the box is repeated for each item. */
function pileOfSheets({ x, y, width, height }: Rectangle): Xml[] {
  return [1, 0.5, 0].map((depth) => {
    const offset = depth * pile;
    return box({ x: x + offset, y: y + offset, width: width - pile, height: height - pile }, 3);
  });
}

const box = ({ x, y, width, height }: Rectangle, radius: number): Xml =>
  element('rect', { class: 'shape', x, y, width, height, rx: radius === 0 ? undefined : radius });

const polygon = (corners: readonly (readonly [number, number])[]): Xml =>
  element('polygon', { class: 'shape', points: corners.map((corner) => pixels(...corner)).join(' ') });
