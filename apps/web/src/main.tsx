import './styles/tokens.css'
import './styles/reset.css'
import './styles/global.css'
import { render } from 'solid-js/web'
import { App } from './app.tsx'
import { onMissingPart } from './shell/missing-part.ts'

addEventListener('vite:preloadError', (event) => void onMissingPart(event.payload.message))

const root = document.getElementById('root')
if (root) render(() => <App />, root)
