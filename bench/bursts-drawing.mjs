// Draws the result of bench/bursts.mjs: two panels over the number of job files.
const width = 880;
const height = 380;
const panel = { width: 340, height: 260, top: 60 };
const colours = ['#2563a8', '#b4531a'];
const first = 1_000;
const last = 1_000_000;

const short = (files) => (files >= 1e6 ? `${files / 1e6} M` : `${files / 1e3} k`);
const text = (x, y, words, more = '') => `<text x="${x}" y="${y}" ${more}>${words}</text>`;
const line = (x1, y1, x2, y2, more = 'stroke="#d5d9de"') =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" ${more}/>`;

function scales(left, yLog, yFirst, yLast) {
  const along = (value, log, from, to) =>
    log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return {
    x: (files) => left + panel.width * along(files, true, first, last),
    y: (value) => panel.top + panel.height * (1 - along(Math.max(value, yFirst), yLog, yFirst, yLast)),
  };
}

function axes(left, title, { x, y }, yTicks) {
  return [
    text(left, panel.top - 20, title, 'font-weight="600"'),
    ...yTicks.flatMap(([value, label]) => [
      line(left, y(value), left + panel.width, y(value)),
      text(left - 8, y(value) + 4, label, 'text-anchor="end"'),
    ]),
    ...[1e3, 1e4, 1e5, 1e6].flatMap((files) => [
      line(x(files), panel.top, x(files), panel.top + panel.height),
      text(x(files), panel.top + panel.height + 18, short(files), 'text-anchor="middle"'),
    ]),
    text(left + panel.width / 2, panel.top + panel.height + 38, 'job files at once', 'text-anchor="middle"'),
  ];
}

const path = (points, colour, dashed = false) =>
  `<path d="M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}" fill="none" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="5 4"' : ''}/>`;

/** @returns SVG */
export function drawing(series) {
  const share = scales(60, false, 0, 100);
  const time = scales(500, true, 5, 10_000);
  const parts = [
    ...axes(
      60,
      'Job files lost to dead letters',
      share,
      [0, 25, 50, 75, 100].map((value) => [value, `${value} %`]),
    ),
    ...axes(500, 'Until the last one has started', time, [
      [10, '10 s'],
      [60, '1 min'],
      [600, '10 min'],
      [3600, '1 h'],
    ]),
  ];
  for (const [index, { region, points }] of series.entries()) {
    const colour = colours[index];
    parts.push(
      path(
        points.map(({ files, deadBefore }) => [share.x(files), share.y((100 * deadBefore) / files)]),
        colour,
        true,
      ),
      path(
        points.map(({ files, dead }) => [share.x(files), share.y((100 * dead) / files) - 2 * index]),
        colour,
      ),
      path(
        points.map(({ files, seconds }) => [time.x(files), time.y(seconds)]),
        colour,
      ),
      path(
        points.map(({ files, atBest }) => [time.x(files), time.y(atBest)]),
        colour,
        true,
      ),
      line(60 + 440 * index, height - 8, 84 + 440 * index, height - 8, `stroke="${colour}" stroke-width="2"`),
      text(92 + 440 * index, height - 4, `${region.name}: ${region.perSecond} starts a second`),
    );
  }
  parts.push(
    text(76, panel.top + 20, 'dashed: without the queue', 'fill="#5b6470"'),
    text(76, panel.top + panel.height - 12, 'with the queue: none', 'fill="#5b6470"'),
    text(516, panel.top + 20, 'dashed: at best, by the rate alone', 'fill="#5b6470"'),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Bursts of job files with and without the launch queue" font-family="system-ui, sans-serif" font-size="12" fill="#1d232b">
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
}
