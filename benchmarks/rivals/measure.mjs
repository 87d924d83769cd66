// Usage: node measure.mjs mjml|react|caniemail FILE
// mjml and react print the HTML of a newsletter; caniemail prints {client: [unsupported features]}.
import { readFileSync } from 'node:fs';

const [job, file] = process.argv.slice(2);
const input = readFileSync(file, 'utf8');
const FONT = 'Segoe UI, Roboto, Helvetica, Arial, sans-serif';
const DARK = `:root {color-scheme: light dark}
@media (max-width: 639px) {.col {display: block !important; width: 100% !important; box-sizing: border-box !important}}
@media (prefers-color-scheme: dark) {
  .page {background-color: #141110 !important}
  .sheet {background-color: #221c1a !important}
  .ink {color: #ededf0 !important}
  .faint {color: #b0b0b8 !important}
}`;

async function react(data) {
  const { createElement: h } = await import('react');
  const c = await import('@react-email/components');
  const text = { fontSize: 16, lineHeight: '24px', color: '#1f1b1a', margin: '0 0 16px' };
  const faint = { fontSize: 14, lineHeight: '20px', color: '#5a5a63', margin: '0 0 8px' };
  const picture = (a, width) => h(c.Link, { href: a.url },
    h(c.Img, { src: a.src, alt: a.alt, width, style: { width: '100%', height: 'auto', borderRadius: 12 } }));
  const words = (a, size, line) => [
    h(c.Text, { key: 1, className: 'faint', style: faint }, a.day),
    h(c.Heading, { key: 2, as: 'h2', style: { fontSize: size, lineHeight: line, margin: '0 0 8px' } },
      h(c.Link, { href: a.url, className: 'ink', style: { color: '#1f1b1a', textDecoration: 'none' } }, a.title)),
    h(c.Text, { key: 3, className: 'ink', style: text }, a.summary),
  ];
  const [lead, ...rest] = data.articles;
  const pairs = rest.flatMap((_, i) => (i % 2 ? [] : [rest.slice(i, i + 2)]));
  const tree = h(c.Html, { lang: data.language, dir: 'ltr' },
    h(c.Head, null,
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'supported-color-schemes', content: 'light dark' }),
      h('title', null, data.subject), h('style', null, DARK)),
    h(c.Preview, null, data.preheader),
    h(c.Body, { className: 'page', style: { backgroundColor: '#f4f0ec', fontFamily: FONT, margin: 0 } },
      h(c.Container, { style: { maxWidth: 640 } },
        h(c.Section, { style: { padding: '28px 32px' } },
          h(c.Text, { className: 'ink', style: { ...text, fontSize: 20, fontWeight: 800 } }, data.sender)),
        h(c.Section, { style: { backgroundColor: '#c2410c', padding: '40px 32px' } },
          h(c.Text, { style: { ...text, color: '#fefefe', fontSize: 14 } }, data.name),
          h(c.Heading, { as: 'h1', style: { color: '#fefefe', fontSize: 38, lineHeight: '44px', margin: 0 } }, data.subject),
          h(c.Text, { style: { ...text, color: '#fefefe', fontSize: 19, lineHeight: '28px' } }, data.preheader)),
        h(c.Section, { className: 'sheet', style: { backgroundColor: '#fefefe', padding: '36px 32px' } },
          data.intro.map((line, i) => h(c.Text, { key: i, className: 'ink', style: text }, line)),
          picture(lead, 576), words(lead, 28, '34px'),
          h(c.Button, { href: lead.url, style: { backgroundColor: '#c2410c', color: '#fefefe', borderRadius: 10, padding: '14px 28px', fontWeight: 700 } }, 'Lees het hele artikel'),
          pairs.map((pair, i) => h(c.Row, { key: i }, pair.map((a) =>
            h(c.Column, { key: a.url, className: 'col', style: { width: '50%', padding: 16, verticalAlign: 'top' } },
              picture(a, 272), words(a, 19, '25px')))))),
        h(c.Section, { style: { padding: '32px' } },
          h(c.Text, { className: 'faint', style: faint }, h('strong', null, data.sender), h('br'), data.address),
          h(c.Text, { className: 'faint', style: faint }, data.why),
          h(c.Text, { className: 'faint', style: faint },
            h(c.Link, { href: data.unsubscribe, className: 'faint', style: { color: '#5a5a63', textDecoration: 'underline' } }, data.unsubscribe_words))))));
  return c.render(tree);
}

async function caniemail() {
  const { caniemail } = await import('caniemail');
  const clients = ['gmail.desktop-webmail', 'outlook.windows', 'outlook.outlook-com', 'apple-mail.ios'];
  const { issues } = caniemail({ clients, html: input });
  return Object.fromEntries(clients.map((client) =>
    [client, [...new Set((issues.errors.get(client) ?? []).map((issue) => issue.title))]]));
}

if (job === 'mjml') {
  const { default: mjml } = await import('mjml');
  const made = await mjml(input, { validationLevel: 'strict' });
  console.log(made.html);
} else if (job === 'react') {
  console.log(await react(JSON.parse(input)));
} else {
  console.log(JSON.stringify(await caniemail()));
}
