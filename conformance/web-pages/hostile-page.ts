/** A request of a page to the engine. */
export interface Demand {
  /** Path and query string. */
  readonly path: string;
  /** For a request with a body: its fields, in the encoding of a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** For a request with another kind of body. */
  readonly text?: string;
}

/** Target of a page's requests: a server, or one behind a redirect of the page's own server. */
export interface Target {
  readonly name: string;
  readonly origin: string;
}

/**
 * A page that tries every way in which browsers can send a request, with every demand, to every target. Each request
 * has the name of its way as the parameter `way`. The page reports the responses that it could read to its own server
 * at `/done`.
 */
export function hostilePage(targets: readonly Target[], demands: readonly Demand[]): string {
  return `<!doctype html><meta charset="utf-8"><title>Kittens</title><body><script>
const targets = ${JSON.stringify(targets)}, demands = ${JSON.stringify(demands)};
const read = [];
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const marked = (url, way) => url + (url.includes('?') ? '&' : '?') + 'way=' + way;
const element = (tag, attributes) => new Promise((resolve) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.onload = made.onerror = resolve;
  document.body.append(made);
  setTimeout(resolve, 1500);
});
const frame = async (html) => {
  const made = document.createElement('iframe');
  made.srcdoc = html;
  document.body.append(made);
  await later(1500);
};
const quoted = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const formHtml = (url, method, type, fields) => '<form action="' + quoted(url) + '" method="' + method + '" enctype="' + type + '">' +
  Object.entries(fields).map(([name, value]) => '<input name="' + quoted(name) + '" value="' + quoted(value) + '">').join('') +
  '</form><script>document.forms[0].submit()</' + 'script>';
const fetched = (way, init) => async (url) => {
  const answer = await fetch(marked(url, way), init);
  if (answer.type !== 'opaque') read.push(way + ' ' + url + ' ' + answer.status);
};
const signature = 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=0';

const gets = {
  image: (url) => element('img', { src: marked(url, 'image') }),
  script: (url) => element('script', { src: marked(url, 'script') }),
  module: (url) => element('script', { type: 'module', src: marked(url, 'module') }),
  'script-with-cors': (url) => element('script', { crossorigin: 'anonymous', src: marked(url, 'script-with-cors') }),
  style: (url) => element('link', { rel: 'stylesheet', href: marked(url, 'style') }),
  preload: (url) => element('link', { rel: 'preload', as: 'fetch', href: marked(url, 'preload') }),
  video: (url) => element('video', { src: marked(url, 'video'), preload: 'auto' }),
  object: (url) => element('object', { data: marked(url, 'object') }),
  embed: (url) => element('embed', { src: marked(url, 'embed') }),
  frame: (url) => element('iframe', { src: marked(url, 'frame') }),
  'sandboxed-frame': (url) => element('iframe', { sandbox: 'allow-scripts', src: marked(url, 'sandboxed-frame') }),
  background: (url) => element('div', { style: 'width:9px;height:9px;background:url("' + marked(url, 'background') + '")' }),
  refresh: (url) => frame('<meta http-equiv="refresh" content="0;url=' + quoted(marked(url, 'refresh')) + '">'),
  'form-get': (url) => {
    const asked = new URL(marked(url, 'form-get'));
    return frame(formHtml(asked.origin + asked.pathname, 'get', '', Object.fromEntries(asked.searchParams)));
  },
  'fetch-no-cors': fetched('fetch-no-cors', { mode: 'no-cors', credentials: 'include' }),
  'fetch-cors': fetched('fetch-cors', { mode: 'cors' }),
  'fetch-with-a-password': (url) => element('img', { src: marked(url.replace('://', '://AWS4-HMAC-SHA256:x@'), 'fetch-with-a-password') }),
  events: (url) => new Promise((resolve) => {
    const source = new EventSource(marked(url, 'events'));
    source.onerror = () => { source.close(); resolve(); };
  }),
  socket: (url) => new Promise((resolve) => {
    const socket = new WebSocket(marked(url, 'socket').replace('http', 'ws'));
    socket.onerror = resolve;
    socket.onopen = () => { read.push('socket ' + url); resolve(); };
  }),
  worker: (url) => new Promise((resolve) => {
    const text = 'try { importScripts(' + JSON.stringify(marked(url, 'worker')) + ') } catch {} postMessage(1)';
    const worker = new Worker(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
    worker.onmessage = worker.onerror = () => { worker.terminate(); resolve(); };
  }),
  'signed-fetch': fetched('signed-fetch', { headers: { authorization: signature } }),
  'target-fetch': fetched('target-fetch', { method: 'POST', body: '{}', headers: { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' } }),
  put: fetched('put', { method: 'PUT', body: 'x' }),
};
const posts = {
  form: (url, form) => frame(formHtml(marked(url, 'form'), 'post', 'application/x-www-form-urlencoded', form)),
  'form-multipart': (url, form) => frame(formHtml(marked(url, 'form-multipart'), 'post', 'multipart/form-data', form)),
  'form-text': (url, form, text) => {
    const at = text.indexOf('=') < 0 ? text.length : text.indexOf('=');
    return frame(formHtml(marked(url, 'form-text'), 'post', 'text/plain', { [text.slice(0, at)]: text.slice(at + 1) }));
  },
  'post-no-cors': (url, form) => fetched('post-no-cors', { mode: 'no-cors', method: 'POST', body: new URLSearchParams(form) })(url),
  'post-text': (url, form, text) => fetched('post-text', { mode: 'no-cors', method: 'POST', body: text })(url),
  'post-keepalive': (url, form) => fetched('post-keepalive', { mode: 'no-cors', method: 'POST', keepalive: true, body: new URLSearchParams(form) })(url),
  'post-cors': (url, form) => fetched('post-cors', { method: 'POST', body: new URLSearchParams(form) })(url),
  'post-json': (url, form, text) => fetched('post-json', { method: 'POST', body: text, headers: { 'content-type': 'application/json' } })(url),
  beacon: async (url, form, text) => {
    navigator.sendBeacon(marked(url, 'beacon'), new URLSearchParams(form));
    navigator.sendBeacon(marked(url, 'beacon'), new Blob([text], { type: 'text/plain' }));
  },
  request: (url, form) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', marked(url, 'request'));
    request.setRequestHeader('content-type', 'application/x-www-form-urlencoded');
    request.onloadend = () => { if (request.status > 0) read.push('request ' + url); resolve(); };
    request.send(new URLSearchParams(form).toString());
  }),
};
(async () => {
  for (const target of targets)
    for (const demand of demands) {
      const url = target.origin.includes('/redirect') ? target.origin + encodeURIComponent(demand.path) : target.origin + demand.path;
      const form = demand.form ?? { x: '1' }, text = demand.text ?? new URLSearchParams(form).toString();
      await Promise.race([
        later(6000),
        Promise.allSettled([
          ...Object.values(gets).map((way) => way(url)),
          ...Object.values(posts).map((way) => way(url, form, text)),
        ]),
      ]);
      document.body.replaceChildren();
    }
  await fetch('/done', { method: 'POST', body: JSON.stringify({ read }) });
})();
</script>`;
}
