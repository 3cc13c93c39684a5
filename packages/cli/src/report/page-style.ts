import { Html } from './markup.js';

/** The style of a report's page, light and dark; the colours are of the Okabe-Ito palette. */
export const pageStyle = new Html(`<style>
:root { --page: #ffffff; --ink: #1b1f24; --faint: #57606a; --border: #d0d7de; --bad: #b04a00; --good: #00734f; }
@media (prefers-color-scheme: dark) { :root { --page: #14181d; --ink: #eef1f4; --faint: #a7b0ba; --border: #3d444d; --bad: #ff9a5c; --good: #4fd1a5; } }
body { margin: 1.5rem auto; max-width: 76rem; padding: 0 1rem; background: var(--page); color: var(--ink);
  font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; }
h1, dd { overflow-wrap: anywhere; }
.status { font-size: 1rem; }
.failed, .aborted, .timed_out { color: var(--bad); } .succeeded { color: var(--good); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { color: var(--faint); } dd { margin: 0; }
table { border-collapse: collapse; display: block; overflow-x: auto; } th, td { border-bottom: 1px solid var(--border); padding: .25rem .6rem; text-align: right; }
td { white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
pre { border: 1px solid var(--border); border-radius: .4rem; padding: .8rem; overflow: auto; max-height: 30rem; }
.lane { display: grid; grid-template-columns: 16rem 1fr; gap: .6rem; align-items: center; }
.lane b { font-weight: normal; text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.lane div { position: relative; height: 1.1rem; border-left: 1px solid var(--border); overflow: hidden; }
.lane i { position: absolute; bottom: 0; height: 80%; min-width: 1px; background: #98a2ad; }
.key { padding: 0 .5rem; border-radius: .3rem; color: #000000; background: #98a2ad; }
i.succeeded, i.skipped { background: #009e73; } i.failed, i.aborted { background: #d55e00; } i.caught { background: #e69f00; } i.running { background: #56b4e9; }
i.queue, .key.queue { background: #c8cdd3; } i.wait, .key.wait { background: #f0e442; } i.image, .key.image { background: #cc79a7; }
i.inputs, .key.inputs { background: #56b4e9; } i.commands, .key.commands { background: #009e73; } i.outputs, .key.outputs { background: #e69f00; }
i.rest { background: #98a2ad; height: 20%; } i.crowd { background: #0072b2; }
i.image { height: 40%; }
@media (max-width: 40rem) { .lane { grid-template-columns: 7rem 1fr; } }
</style>`);
