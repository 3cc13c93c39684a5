/** The page's script: details on click, moving and enlarging. Plain JavaScript for a browser, used without a build. */
export const viewerScript = `
'use strict';
const stage = document.getElementById('stage');
const svg = stage.querySelector('svg');
// An image to those who only look at it; here its steps are buttons.
svg.setAttribute('role', 'group');
const details = document.getElementById('details');
const steps = JSON.parse(document.getElementById('steps').textContent);
const size = { width: svg.width.baseVal.value, height: svg.height.baseVal.value };
let scale = 1;
function enlarge(to) {
  const middle = { x: (stage.scrollLeft + stage.clientWidth / 2) / scale, y: (stage.scrollTop + stage.clientHeight / 2) / scale };
  scale = Math.min(4, Math.max(0.1, to));
  svg.setAttribute('width', size.width * scale);
  svg.setAttribute('height', size.height * scale);
  stage.scrollTo(middle.x * scale - stage.clientWidth / 2, middle.y * scale - stage.clientHeight / 2);
}
const fit = () => enlarge(Math.min(stage.clientWidth / size.width, stage.clientHeight / size.height, 1));
enlarge(Math.min(stage.clientWidth / size.width, 1));
stage.scrollTo(0, 0);
document.getElementById('closer').onclick = () => enlarge(scale * 1.25);
document.getElementById('farther').onclick = () => enlarge(scale / 1.25);
document.getElementById('whole').onclick = fit;
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === '+' || event.key === '=') enlarge(scale * 1.25);
  if (event.key === '-') enlarge(scale / 1.25);
  if (event.key === '0') fit();
});
stage.addEventListener('wheel', (event) => {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  enlarge(scale * Math.exp(-event.deltaY / 400));
}, { passive: false });

let grip;
stage.addEventListener('pointerdown', (event) => {
  if (event.pointerType === 'mouse' && event.button === 0)
    grip = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop, moved: false };
});
addEventListener('pointermove', (event) => {
  if (!grip) return;
  grip.moved = grip.moved || Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > 4;
  if (!grip.moved) return;
  stage.classList.add('moving');
  stage.scrollTo(grip.left + grip.x - event.clientX, grip.top + grip.y - event.clientY);
});
let dragged = false;
addEventListener('pointerup', () => {
  dragged = Boolean(grip && grip.moved);
  grip = undefined;
  stage.classList.remove('moving');
});

function show(shape) {
  for (const other of stage.querySelectorAll('.chosen')) other.classList.remove('chosen');
  shape.classList.add('chosen');
  const step = steps[shape.dataset.id];
  const add = (parent, name, text) => {
    const element = document.createElement(name);
    element.textContent = text;
    parent.append(element);
    return element;
  };
  details.replaceChildren();
  add(details, 'h2', step.name);
  add(details, 'p', step.note);
  const list = add(details, 'dl', '');
  for (const { label, text } of step.facts) {
    add(list, 'dt', label);
    add(list, 'dd', text.trim());
  }
}
const shapeAt = (target) => target.closest('.step[data-id], .box[data-id]');
stage.addEventListener('click', (event) => {
  const shape = shapeAt(event.target);
  if (shape && !dragged) show(shape);
});
for (const shape of stage.querySelectorAll('.step[data-id], .box[data-id]')) {
  shape.setAttribute('tabindex', '0');
  shape.setAttribute('role', 'button');
  shape.setAttribute('aria-label', steps[shape.dataset.id].name);
}
stage.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  const shape = shapeAt(event.target);
  if (!shape) return;
  event.preventDefault();
  show(shape);
});
`;
