import { writeFileSync } from 'node:fs'
import { renderOptionsPage } from './options-page.ts'

writeFileSync(new URL('../../../docs/options.md', import.meta.url), renderOptionsPage())
