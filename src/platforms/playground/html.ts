// Card → HTML. Everything a person or the content wrote goes through hono's `html`, which escapes it.

import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Nodes } from 'mdast'
import { type Action, assertNever, type Block, type Card } from '../../chat/card.ts'
import { type Markdown, parse } from '../../chat/markdown.ts'
import { type Locale, type Translator, translator } from '../../locales/locale.ts'
import { languageAskedFor } from './language.ts'

/** Finished HTML. None of our templates is asynchronous, so the promise in hono's type never happens. */
type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/**
 * A card as an article, its buttons carrying their action id in `data-action`.
 *
 * @param locale the language that the card is in, which need not be the page's
 */
export async function cardHtml(card: Card, locale: Locale): Promise<string> {
  const t = translator(locale)
  const article = await html`<article class="card accent-${card.accent}" lang="${locale}">
<h3>${card.title}</h3>
${card.blocks.map((block) => blockHtml(block, t))}
${card.rows.map((row) => rowHtml(row, t))}
</article>`
  return article.toString()
}

function blockHtml(block: Block, t: Translator): Html {
  switch (block.type) {
    case 'text':
      return html`<section class="text">${headingHtml(block.heading)}${markdownHtml(block.text)}</section>`
    case 'list': {
      const items = block.items.map((item) => html`<li>${inlineHtml(item)}</li>`)
      const list = block.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`
      return html`<section class="text">${headingHtml(block.heading)}${list}</section>`
    }
    case 'fields':
      return html`<dl class="fields">${block.fields.map(
        ({ label, value }) => html`<div><dt>${label}</dt><dd>${inlineHtml(value)}</dd></div>`,
      )}</dl>`
    case 'table':
      return html`<section class="text">${headingHtml(block.heading)}${tableHtml(block, t)}</section>`
    case 'callout':
      return html`<aside class="callout accent-${block.accent}"><h4>${block.title}</h4>${markdownHtml(block.text)}</aside>`
    case 'image':
      return html`<img class="diagram" src="/images/${block.image}" alt="${block.alt}" loading="lazy" width="800" height="560">`
    case 'divider':
      return html`<hr>`
    case 'note':
      return html`<div class="note">${markdownHtml(block.text)}</div>`
    default:
      return assertNever(block)
  }
}

function headingHtml(heading: string | undefined): Html {
  return heading === undefined ? html`` : html`<h4>${heading}</h4>`
}

/** A first column without a name says what each row is about: its cells are the heads of their rows. */
function tableHtml({ columns, rows }: Extract<Block, { type: 'table' }>, t: Translator): Html {
  const hasRowHeads = columns[0] === ''
  return html`<table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column === '' ? html`<span class="visually-hidden">${t('page.aspect')}</span>` : column}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ cells, marked }) =>
      html`<tr${marked ? raw(' class="marked"') : ''}>${cells.map((cell, i) =>
        hasRowHeads && i === 0
          ? html`<th scope="row">${inlineHtml(cell)}</th>`
          : html`<td data-label="${columns[i] ?? ''}">${inlineHtml(cell)}</td>`,
      )}</tr>`,
  )}</tbody></table>`
}

function rowHtml(row: readonly Action[], t: Translator): Html {
  const isQuestion = row.some(({ type }) => type === 'choice')
  if (isQuestion)
    return html`<div class="choices" role="group" aria-label="${t('page.choices')}">${row.map((action) => actionHtml(action, t))}</div>`
  return html`<div class="actions">${row.map((action) => actionHtml(action, t))}</div>`
}

function actionHtml(action: Action, t: Translator): Html {
  switch (action.type) {
    case 'button': {
      const { chosen } = action
      const pressed = chosen === undefined ? '' : html` aria-pressed="${chosen ? 'true' : 'false'}"`
      // A button that offers another language says so in that language.
      const language = languageAskedFor(action.id)
      const lang = language === undefined ? '' : html` lang="${language}"`
      return html`<button type="button" class="button${action.primary ? ' primary' : ''}" data-action="${action.id}"${pressed}${lang}>${action.label}</button>`
    }
    case 'choice':
      return html`<button type="button" class="choice" data-action="${action.id}"><span class="mark" aria-hidden="true">${action.mark}</span><span class="visually-hidden">${action.mark}. </span><span>${action.label}</span></button>`
    case 'link':
      if (!action.url.startsWith('https://')) return html`<span class="button">${action.label}</span>`
      return html`<a class="button" href="${action.url}" target="_blank" rel="noopener noreferrer">${action.label}</a>`
    case 'pick':
      return html`<details class="pick"><summary>${action.label} <span class="count">${t('page.options', { count: action.options.length })}</span></summary><div class="actions">${action.options.map(
        ({ value, label }) =>
          html`<button type="button" class="button" data-action="${action.id}" data-picked="${value}">${label}</button>`,
      )}</div></details>`
    default:
      return assertNever(action)
  }
}

function markdownHtml(markdown: Markdown): Html {
  return nodeHtml(parse(markdown))
}

/** Markdown where a paragraph of its own would not be wanted: in a cell, a list item, a field. */
function inlineHtml(markdown: Markdown): Html {
  const [only, ...more] = parse(markdown).children
  return only?.type === 'paragraph' && more.length === 0 ? html`${only.children.map(nodeHtml)}` : markdownHtml(markdown)
}

function nodeHtml(node: Nodes): Html {
  switch (node.type) {
    case 'root':
      return html`${node.children.map(nodeHtml)}`
    case 'paragraph':
      return html`<p>${node.children.map(nodeHtml)}</p>`
    case 'strong':
      return html`<strong>${node.children.map(nodeHtml)}</strong>`
    case 'emphasis':
      return html`<em>${node.children.map(nodeHtml)}</em>`
    case 'inlineCode':
      return html`<code>${node.value}</code>`
    case 'code':
      return html`<pre><code>${node.value}</code></pre>`
    case 'link':
      // The loader lets only https addresses in; whatever else came here is text.
      return node.url.startsWith('https://')
        ? html`<a href="${node.url}" target="_blank" rel="noopener noreferrer">${node.children.map(nodeHtml)}</a>`
        : html`${node.children.map(nodeHtml)}`
    case 'list': {
      const items = node.children.map(
        (item) =>
          html`<li>${item.children.map((child) => (child.type === 'paragraph' ? html`${child.children.map(nodeHtml)}` : nodeHtml(child)))}</li>`,
      )
      return node.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`
    }
    case 'break':
      return html`<br>`
    case 'text':
    case 'html':
      return html`${node.value}`
    default:
      return html``
  }
}
