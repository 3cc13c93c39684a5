/**
 * Tints of the Okabe-Ito palette, which people with any kind of colour blindness can distinguish; shapes and text show
 * the same, so that the picture also works in black and white.
 */
export const styleSheet = `
.bclaw { --canvas: #ffffff; --ink: #1b1f24; --faint: #57606a; --line: #57606a; --border: #d0d7de;
  --batch: #0072b2; --batch-fill: #e6f2fa; --subpipe: #9a6200; --subpipe-fill: #fdf1dc;
  --chooser: #7a6a00; --chooser-fill: #fdf8cf; --native: #57606a; --native-fill: #f3f4f6;
  --succeed: #00734f; --succeed-fill: #dff5ec; --fail: #b04a00; --fail-fill: #fde7da;
  --scatter: #9c3d78; --scatter-fill: #fbeef5; }
@media (prefers-color-scheme: dark) { .bclaw { --canvas: #14181d; --ink: #eef1f4; --faint: #a7b0ba; --line: #98a2ad; --border: #3d444d;
  --batch: #6cb8ea; --batch-fill: #12314a; --subpipe: #f0b450; --subpipe-fill: #3d2c0c;
  --chooser: #e8d94a; --chooser-fill: #37330e; --native: #a7b0ba; --native-fill: #262c33;
  --succeed: #4fd1a5; --succeed-fill: #0f3529; --fail: #ff9a5c; --fail-fill: #43240f;
  --scatter: #e39cc5; --scatter-fill: #2f1c28; } }
.bclaw text { fill: var(--ink); text-anchor: middle; }
.bclaw .sans { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; }
.bclaw .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
.bclaw .bold { font-weight: bold; }
.bclaw .note text, .bclaw text.note { fill: var(--faint); }
.bclaw .left { text-anchor: start; }
.bclaw .canvas { fill: var(--canvas); }
.bclaw .shape { stroke-width: 1.5; stroke: var(--native); fill: var(--native-fill); }
.bclaw .batch .shape { stroke: var(--batch); fill: var(--batch-fill); }
.bclaw .subpipe .shape { stroke: var(--subpipe); fill: var(--subpipe-fill); }
.bclaw .chooser .shape, .bclaw .parallel-chooser > .shape { stroke: var(--chooser); fill: var(--chooser-fill); }
.bclaw .native .shape { stroke-dasharray: 2 2; }
.bclaw .succeed .shape { stroke: var(--succeed); fill: var(--succeed-fill); stroke-width: 3; }
.bclaw .fail .shape { stroke: var(--fail); fill: var(--fail-fill); stroke-width: 3; }
.bclaw .scatter > .shape { stroke: var(--scatter); fill: var(--scatter-fill); }
.bclaw .parallel-chooser > .shape, .bclaw .parallel > .shape { stroke-dasharray: 7 4; }
.bclaw .terminal .shape { fill: var(--ink); stroke: var(--ink); }
.bclaw .terminal text { fill: var(--canvas); }
.bclaw .end .shape { fill: var(--canvas); stroke-width: 2.5; }
.bclaw .end text { fill: var(--ink); }
.bclaw .compartment { fill: var(--canvas); stroke: var(--border); }
.bclaw .edge { fill: none; stroke: var(--line); stroke-width: 1.5; }
.bclaw .jump { stroke-dasharray: 6 4; }
.bclaw .arrow { fill: var(--line); }
.bclaw .label-back { fill: var(--canvas); opacity: 0.92; }
`;
