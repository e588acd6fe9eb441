/** Texts stand in the catalogues, nowhere else; both languages have the same, and none that nobody uses. */
import { compileMessage } from '@lingui/message-utils/compileMessage'
import ts from 'typescript'
import { parse, type SFCTemplateBlock } from 'vue/compiler-sfc'
import { describe, expect, it } from 'vitest'

const SOURCES = import.meta.glob<string>('../src/**/*.{ts,vue}', { query: '?raw', import: 'default', eager: true })
const CATALOGUES = import.meta.glob<string>(['../src/catalogues/*/*.json', '../../api/html/catalogues/*/*.json'], { query: '?raw', import: 'default', eager: true })
/** Generated of the API, and the words of the data by which the page decides. */
const ASIDE = ['api/schema.ts', 'text/given.ts']

const CHINESE = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/
const WORD = /[A-Za-z]{2,}/
/** What is called the same in every language. */
const NAMES = /^\W*(CSV|XLSX|Parquet|JSON|NDJSON|GET|POST)\W*$/
/** Attributes, ours among them, that people read or hear. */
const READ = ['aria-label', 'alt', 'caption', 'label', 'placeholder', 'title', 'what']

interface Found {
  /** Texts that stand outside the catalogues. */
  texts: string[]
  /** Keys of messages; a group is one whose end is computed: `problem.`. */
  keys: string[]
  groups: string[]
  /** Calls with values: the key, and the names of the values. */
  given: [key: string, names: string[]][]
}

const nothing = (): Found => ({ texts: [], keys: [], groups: [], given: [] })

/** What a piece of TypeScript says: texts in Chinese, and, of `inTemplate`, English ones that are shown. */
function look(code: string, found: Found, inTemplate = false): void {
  const file = ts.createSourceFile('piece.ts', inTemplate ? `(${code})` : code, ts.ScriptTarget.Latest, true)
  const messageOf = (node: ts.Expression | undefined): void => {
    if (!node) return
    if (ts.isStringLiteralLike(node)) found.keys.push(node.text)
    else if (ts.isTemplateExpression(node)) found.groups.push(node.head.text)
    else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(messageOf)
    else if (ts.isParenthesizedExpression(node)) messageOf(node.expression)
  }
  const shown = (node: ts.Node): boolean => {
    const { parent } = node
    if (ts.isParenthesizedExpression(parent) || ts.isTemplateSpan(parent)) return shown(parent)
    if (ts.isConditionalExpression(parent)) return parent.condition !== node && shown(parent)
    if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.PlusToken && shown(parent)
    return ts.isExpressionStatement(parent) || ts.isTemplateExpression(parent)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const name = node.expression.getText(file)
      const [first, second] = node.arguments
      if (name === 't') messageOf(first)
      if (name === 'named' && first && ts.isStringLiteralLike(first)) found.groups.push(`${first.text}.`)
      if (name === 't' && first && ts.isStringLiteralLike(first) && second && ts.isObjectLiteralExpression(second))
        found.given.push([first.text, second.properties.map((each) => each.name?.getText(file) ?? '…')])
      if (name === 't' && first && ts.isStringLiteralLike(first) && !second) found.given.push([first.text, []])
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isRegularExpressionLiteral(node))
      if (CHINESE.test(node.text)) found.texts.push(node.text)
    if (inTemplate && ts.isStringLiteral(node) && WORD.test(node.text) && shown(node)) found.texts.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
}

type Node = NonNullable<SFCTemplateBlock['ast']>['children'][number]
const [ELEMENT, TEXT, INTERPOLATION, ATTRIBUTE, DIRECTIVE] = [1, 2, 5, 6, 7]

function lookAtTemplate(nodes: readonly Node[], found: Found): void {
  for (const node of nodes as readonly (Node & Record<string, never>)[]) {
    const { type, content, tag, props, children } = node as unknown as {
      type: number
      content: string & { content: string }
      tag: string
      props: { type: number; name: string; value?: { content: string }; exp?: { content: string }; arg?: { content: string } }[]
      children: Node[]
    }
    if (type === TEXT && (CHINESE.test(content) || (WORD.test(content) && !NAMES.test(content)))) found.texts.push(content.trim())
    if (type === INTERPOLATION) look(content.content, found, true)
    if (type !== ELEMENT) continue
    for (const each of props) {
      if (each.type === ATTRIBUTE && each.value) {
        const { content } = each.value
        if (CHINESE.test(content) || (READ.includes(each.name) && WORD.test(content))) found.texts.push(content)
        if (each.name === 'of' && tag === 'MessageParts') found.keys.push(content)
      }
      if (each.arg?.content === 'of' && tag === 'MessageParts') found.keys.push(...[...(each.exp?.content ?? '').matchAll(/'([^']+)'/g)].map((match) => match[1] ?? ''))
      // v-for and slots are no expressions, and say nothing.
      if (each.type === DIRECTIVE && each.exp && !['for', 'slot'].includes(each.name)) look(each.exp.content, found, READ.includes(each.arg?.content ?? ''))
    }
    if (tag !== 'code') lookAtTemplate(children, found)
  }
}

function lookAt(path: string, source: string): Found {
  const found = nothing()
  if (path.endsWith('.ts')) look(source, found)
  else {
    const { descriptor } = parse(source)
    look(descriptor.scriptSetup?.content ?? '', found)
    lookAtTemplate(descriptor.template?.ast?.children ?? [], found)
    const styles = descriptor.styles.map((style) => style.content.replace(/\/\*.*?\*\//gs, '')).join('')
    if (CHINESE.test(styles)) found.texts.push('a style')
  }
  return found
}

const all = new Map(
  Object.entries(SOURCES)
    .map(([path, source]) => [path.replace('../src/', ''), source] as const)
    .filter(([path]) => !ASIDE.includes(path))
    .map(([path, source]) => [path, lookAt(path, source)]),
)

/** The parts of a language: the name of a file → its messages. */
const catalogue = (language: string): Map<string, Record<string, string>> =>
  new Map(
    Object.entries(CATALOGUES)
      .filter(([path]) => path.includes(`/${language}/`))
      .map(([path, text]) => [path.split('/').at(-1) ?? '', JSON.parse(text) as Record<string, string>]),
  )
const [zh, en] = [catalogue('zh'), catalogue('en')]
const messages = new Map([...zh.values()].flatMap((part) => Object.entries(part)))
const english = new Map([...en.values()].flatMap((part) => Object.entries(part)))

/** The names in the braces of a message. */
const namesIn = (tokens: unknown): string[] => {
  if (!Array.isArray(tokens)) return []
  return tokens.flatMap((token): string[] => {
    if (!Array.isArray(token)) return []
    const [name, , forms] = token as [string, string?, Record<string, unknown>?]
    return [name, ...Object.values(forms ?? {}).flatMap(namesIn)]
  })
}
const names = (message: string): string[] => [...new Set(namesIn(compileMessage(message)))].sort()

describe('texts', () => {
  it.each([...all])('of %s stand in the catalogues', (_, { texts }) => {
    expect(texts).toEqual([])
  })

  it('are found where they stand outside', () => {
    const found = nothing()
    look("const word = ok ? `共 ${n} 家` : '没有'", found)
    look("open ? 'Fold' : t('line.open')", found, true)
    expect(found.texts).toEqual(['共 ', ' 家', '没有', 'Fold'])
  })
})

describe('catalogues', () => {
  it('have the same parts and keys in both languages', () => {
    expect([...en.keys()]).toEqual([...zh.keys()])
    for (const [part, texts] of zh) expect(Object.keys(en.get(part) ?? {}), part).toEqual(Object.keys(texts))
  })

  it('have each key once', () => {
    expect(messages.size).toBe([...zh.values()].reduce((sum, part) => sum + Object.keys(part).length, 0))
  })

  it.each([...messages])('%s takes the same values in both', (key, text) => {
    expect(names(english.get(key) ?? '')).toEqual(names(text))
  })

  it('are English in English, but for the name of the other language', () => {
    expect([...english].filter(([key, text]) => CHINESE.test(text) && key !== 'language.zh')).toEqual([])
  })

  const found = [...all.values()]
  const used = new Set(found.flatMap((each) => each.keys))
  const groups = [...new Set(found.flatMap((each) => each.groups))]

  it('have nothing that nobody uses', () => {
    expect([...messages.keys()].filter((key) => !used.has(key) && !groups.some((group) => key.startsWith(group)))).toEqual([])
  })

  it('have all that is asked for', () => {
    expect([...used].filter((key) => !messages.has(key))).toEqual([])
    expect(groups.filter((group) => ![...messages.keys()].some((key) => key.startsWith(group)))).toEqual([])
  })

  it('are given the values that they take', () => {
    const wrong = found
      .flatMap((each) => each.given)
      .filter(([key, given]) => messages.has(key) && given.toSorted().join() !== names(messages.get(key) ?? '').join())
    expect(wrong).toEqual([])
  })
})
