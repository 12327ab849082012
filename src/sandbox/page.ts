import type { Request } from 'express';
import type { World } from './world';

/** Text made harmless in HTML, in elements and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const STYLE = `
:root{color-scheme:light;--line:#dcdcde;--dim:#626168;--link:#1f5fb8}
*{box-sizing:border-box}body{margin:0;font:15px/1.5 system-ui,sans-serif;color:#18171d;background:#fff}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
header{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;padding:.5rem 1.2rem;border-bottom:1px solid var(--line);background:#f7f6fb}
header .mark{background:#ffd65c;border-radius:3px;padding:0 .5rem;font-size:13px}header nav{display:flex;gap:1rem;flex:1}
main{padding:.6rem 1.2rem 3rem;max-width:1800px}h1{font-size:1.5rem;margin:.6rem 0}h1 small{color:var(--dim);font-weight:400}
.bar{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.4rem 0}.meta,.empty{color:var(--dim);font-size:13px}
.board{display:flex;gap:.8rem;align-items:flex-start;overflow-x:auto;padding-bottom:1rem}
.column{flex:1 0 14.5rem;min-width:14.5rem;max-width:20rem;background:#f4f4f6;border-radius:6px;padding:.6rem}.column h2{font-size:14px;margin:0 0 .5rem;display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem}.column h2 .label{max-width:none;font-size:11px}.card .label{font-size:11px}.card .label span{padding:0 .3rem}
.card{background:#fff;border:1px solid var(--line);border-radius:5px;padding:.5rem .6rem;margin-bottom:.5rem;overflow-wrap:anywhere}
.label{display:inline-flex;border-radius:10px;overflow:hidden;font-size:12px;line-height:1.5;border:2px solid;margin:1px;max-width:100%}
.label span{padding:0 .45rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.label span:first-child:not(:last-child){flex:none}.label .value{background:#fff;color:#18171d}
.issue{display:grid;grid-template-columns:minmax(0,1fr) 19rem;gap:2rem}@media(max-width:900px){.issue{grid-template-columns:1fr}}
aside section{border-bottom:1px solid var(--line);padding:.6rem 0}aside h2{font-size:14px;margin:0 0 .3rem}
.text{overflow-wrap:anywhere}.text table{border-collapse:collapse;margin:.5rem 0}.text th,.text td{border:1px solid var(--line);padding:.25rem .6rem;text-align:left}
.text pre,.mail pre{background:#f7f7f8;padding:.6rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}.text code{background:#f0f0f2;padding:0 .2rem;border-radius:3px}
.text thead:not(:has(th:not(:empty))){display:none}.text blockquote{border-left:4px solid var(--line);margin:.5rem 0;padding-left:.8rem}.text pre code{background:none}
.card .bar{flex-wrap:nowrap}.card select{flex:1;min-width:0}textarea[name=description]{font:13px/1.5 ui-monospace,monospace}form{margin:.2rem 0}.text li.task{list-style:none;margin-left:-1.3rem}.tick{border:1px solid #89888d;border-radius:3px;background:#fff;width:1.15rem;height:1.15rem;line-height:1;padding:0;margin-right:.35rem;cursor:pointer;vertical-align:text-bottom}.tick.done{background:var(--link);border-color:var(--link);color:#fff}
.note{border:1px solid var(--line);border-radius:6px;padding:.4rem .8rem;margin:.6rem 0}.event{margin:.5rem .3rem;font-size:14px}
.state{display:inline-block;border-radius:10px;padding:0 .6rem;color:#fff;background:#108548;font-size:13px}.state.closed{background:#1f75cb}
.lock{color:#9e5400;font-size:13px}.wrong{background:#fdd4cd;padding:.5rem .8rem;border-radius:5px}
textarea{width:100%;font:inherit;padding:.5rem}button,select,input{font:inherit;font-size:14px}button{cursor:pointer}
table.list{border-collapse:collapse;width:100%}.list td,.list th{border-bottom:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top}
.mail{border-bottom:1px solid var(--line);padding:.4rem 0}.mail summary{cursor:pointer}.mail .meta{display:block;margin-left:1rem}
`;

/** An instant as a person reads it, to the second; the page can't know the reader's zone, so it names UTC. */
export const timeHtml = (at: string): string =>
  `<time datetime="${escapeHtml(at)}">${escapeHtml(at.replace(/^(\S{10})T(\d\d:\d\d:\d\d).*$/, '$1 $2 UTC'))}</time>`;

/** Addresses that the pages link to, as the running sandbox has them. */
export interface PageAddresses {
  readonly gitlab: string;
  readonly mailbox: string;
}

/** A whole page. `body` and `tools` are HTML whose texts were escaped already; `title` is text. */
export function page(
  world: World,
  parts: { title: string; at: 'gitlab' | 'mailbox' | 'salesforce'; body: string; tools?: string },
): string {
  const to = world.table<PageAddresses>('setting').get('addresses');
  const link = (name: string, url: string | undefined): string =>
    url ? `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>` : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(parts.title)} · sandbox</title><style>${STYLE}</style></head><body>
<header><span class="mark">Sandbox: a stand-in on this machine, nothing here is real</span><nav>${link('Projects', to?.gitlab)}${link('Mailbox', to?.mailbox)}</nav>${parts.tools ?? ''}</header>
<main>${parts.body}</main></body></html>`;
}

/** Whether another web page in the same browser sent this. */
export function isFromElsewhere(req: Request): boolean {
  const from = req.header('sec-fetch-site');
  const origin = req.header('origin');
  return (
    (from !== undefined && from !== 'same-origin' && from !== 'none') ||
    (origin !== undefined && origin !== 'null' && new URL(origin).host !== req.header('host'))
  );
}
