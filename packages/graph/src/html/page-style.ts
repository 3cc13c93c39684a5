export const pageStyle = `
:root { --page: #ffffff; --ink: #1b1f24; --faint: #57606a; --border: #d0d7de; }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --ink: #eef1f4; --faint: #a7b0ba; --border: #3d444d; } }
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: grid; grid-template-columns: 1fr 22rem; background: var(--page); color: var(--ink);
  font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; }
#stage { overflow: auto; cursor: grab; }
#stage.moving { cursor: grabbing; user-select: none; }
#stage svg { display: block; margin: 0 auto; }
#stage .step, #stage .box { cursor: pointer; }
#stage .step:focus-visible, #stage .box:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
#stage .chosen > .shape { stroke-width: 4; }
nav { position: fixed; left: 1rem; bottom: 1rem; display: flex; gap: .3rem; }
nav button { min-width: 2.4rem; height: 2.4rem; font: inherit; font-weight: bold; color: var(--ink); background: var(--page);
  border: 1px solid var(--border); border-radius: .4rem; cursor: pointer; }
aside { border-left: 1px solid var(--border); padding: 1rem; overflow: auto; }
aside h2 { margin: 0; font-size: 1.1rem; overflow-wrap: anywhere; }
aside p { margin: .2rem 0 1rem; color: var(--faint); }
aside dt { font-weight: bold; margin-top: .8rem; }
aside dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  font-size: 12px; }
@media (max-width: 50rem) { body { grid-template-columns: 1fr; grid-template-rows: 1fr 35vh; }
  aside { border-left: 0; border-top: 1px solid var(--border); } }
`;
