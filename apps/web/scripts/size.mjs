// prints the script that the first page needs, compressed, and fails above the budget, or where any part of the interface has Zod
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const budget = 130_000
const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const html = readFileSync(`${dist}index.html`, 'utf8')
const overview = readdirSync(`${dist}assets`).find((name) => /^overview-page-.*\.js$/.test(name))
if (!overview) throw new Error('The build has no overview page.')

const needed = new Set()
const visit = (file) => {
  if (needed.has(file)) return
  needed.add(file)
  const code = readFileSync(dist + file, 'utf8')
  for (const [, name] of code.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    visit(`assets/${name}`)
}
for (const [, file] of html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)) visit(file)
visit(`assets/${overview}`)

const sizeOf = (file, suffix) => {
  try {
    return statSync(dist + file + suffix).size
  } catch {
    // too small to be worth compressing
    return statSync(dist + file).size
  }
}
const rows = [...needed].map((file) => ({ file, gzip: sizeOf(file, '.gz'), brotli: sizeOf(file, '.br') }))
const total = (kind) => rows.reduce((sum, row) => sum + row[kind], 0)
const print = (gzip, brotli, text) =>
  process.stdout.write(`${String(gzip).padStart(8)} gzip ${String(brotli).padStart(8)} brotli  ${text}\n`)
for (const row of rows.toSorted((one, other) => other.gzip - one.gzip)) print(row.gzip, row.brotli, row.file)
print(total('gzip'), total('brotli'), `script of the first page; the budget is ${budget} bytes`)
// the server validates what forms send, and its answer names the fields: models are imported as types alone
const withZod = readdirSync(`${dist}assets`).filter(
  (name) => name.endsWith('.js') && readFileSync(`${dist}assets/${name}`, 'utf8').includes('_zod'),
)
for (const name of withZod) process.stdout.write(`assets/${name} has Zod\n`)
process.exitCode = total('gzip') > budget || withZod.length > 0 ? 1 : 0
