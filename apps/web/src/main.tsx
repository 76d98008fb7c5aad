import './styles/tokens.css'
import './styles/reset.css'
import './styles/global.css'
import { render } from 'solid-js/web'
import { App } from './app.tsx'
import { fetchModulesWhenIdle } from './lib/lazy-module.ts'
import { watchFields } from './lib/reader-busy.ts'

watchFields()
/** Other modules are fetched only after this time, so that those of the first page come first. */
const FIRST_PAGE_MS = 2_000

const root = document.getElementById('root')
if (root) render(() => <App />, root)
addEventListener('load', () => setTimeout(() => void fetchModulesWhenIdle(), FIRST_PAGE_MS), { once: true })
