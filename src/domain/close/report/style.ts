/** How a report looks: on a screen in light and dark, and on paper. Nothing of it is fetched. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --ground: #fff; --raised: #f6f8fa; --good: #116329; --bad: #a40e26;
  --c0: #0072b2; --c1: #e69f00; --c2: #009e73; --c3: #cc79a7; --c4: #56b4e9; --c5: #d55e00; --c6: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --ground: #0d1117; --raised: #151b23; --good: #4ac26b; --bad: #ff7b72;
  --c0: #4ba3dd; --c1: #f0b429; --c2: #2bc48d; --c3: #e3a0c5; --c4: #8fd0f5; --c5: #ff8f4d; --c6: #6e7681; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 66rem; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: 1.2rem; }
p { margin: .4rem 0; max-width: 48rem; }
.soft { color: var(--soft); }
.good { color: var(--good); }
.bad { color: var(--bad); }
code, .digest { font-family: ui-monospace, monospace; font-size: .88em; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.tiles li { padding: .6rem .8rem; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); }
.tiles b { display: block; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: .85rem; }
figure { margin: 1rem 0; overflow-x: auto; }
figure > svg { width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; }
svg .grid { stroke: var(--line); stroke-width: 1; }
.c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); } .c4 { fill: var(--c4); } .c5 { fill: var(--c5); } .c6 { fill: var(--c6); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .3rem 0 0; padding: 0; list-style: none; color: var(--soft); font-size: .85rem; }
table { margin: .75rem 0; border-collapse: collapse; font-size: .85rem; }
.wide { overflow-x: auto; }
.wide table { font-size: .8rem; }
.wide :is(th, td) { padding-right: .6rem; }
table.broad { width: 100%; }
table.narrow { min-width: 22rem; }
caption { padding: .2rem 0; text-align: left; color: var(--soft); }
th, td { padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; overflow-wrap: normal; }
tbody th { font-weight: 500; }
td.number, th[scope=row] { white-space: nowrap; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --raised: #fff; --good: #000; --bad: #000;
    --c0: #0072b2; --c1: #e69f00; --c2: #009e73; --c3: #cc79a7; --c4: #56b4e9; --c5: #d55e00; --c6: #8c959f; }
  @page { margin: 16mm 14mm; }
  body { padding: 0; max-width: none; font-size: 9.5pt; }
  table { font-size: 7.5pt; }
  th, td { padding: .15rem .5rem .15rem 0; }
  h2 { margin-top: 1.5rem; }
  svg, .tiles li { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, caption, thead { break-after: avoid; }
  figure, tr, .tiles li { break-inside: avoid; }
  figure, .wide { overflow: visible; }
  thead { display: table-header-group; }
}
`;
