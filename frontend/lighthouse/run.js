/**
 * Lighthouse on a phone, in the system's Chromium: node run.js CHROMIUM TIMES '[{"name", "url", "indexed"}, …]'
 *
 * Prints one line of JSON for each page: its name, the median of each category's score (0 to 100) over TIMES runs, and what
 * cost points in the run in the middle. A page that is kept from search engines on purpose (`indexed: false`) is not asked
 * whether they may have it (`is-crawlable`).
 */
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'

const FLAGS = '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo']

const middle = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const score = (report, category) => Math.round(100 * (report.categories[category].score ?? 0))

const lost = (report) => [
  ...(report.runtimeError ? [report.runtimeError.message] : []),
  ...Object.values(report.categories).flatMap(({ auditRefs }) =>
    auditRefs
      .map(({ id, weight }) => ({ weight, ...report.audits[id] }))
      .filter(({ weight, score }) => weight > 0 && score !== null && score < 0.9)
      .map(({ id, displayValue, details }) => [id, displayValue, details?.items?.[0]?.node?.snippet].filter(Boolean).join(' ')),
  ),
]

/** One run; again, a few times, where Lighthouse says itself that its recording failed. */
const asked = async (url, options, attempts = 4) => {
  const report = (await lighthouse(url, options)).lhr
  return report.runtimeError && attempts > 1 ? asked(url, options, attempts - 1) : report
}

const [chromePath, times, pages] = process.argv.slice(2)
const chrome = await launch({ chromePath, chromeFlags: FLAGS.split(' '), logLevel: 'silent' })
try {
  for (const { name, url, indexed } of JSON.parse(pages)) {
    const options = {
      port: chrome.port,
      logLevel: 'silent',
      onlyCategories: CATEGORIES,
      skipAudits: indexed ? [] : ['is-crawlable'],
    }
    const reports = []
    for (let run = 0; run < Number(times); run++) reports.push(await asked(url, options))
    const scores = Object.fromEntries(CATEGORIES.map((one) => [one, middle(reports.map((report) => score(report, one)))]))
    const typical = reports.find((report) => score(report, 'performance') === scores.performance)
    process.stdout.write(`${JSON.stringify({ name, scores, lost: lost(typical) })}\n`)
  }
} finally {
  await chrome.kill()
}
