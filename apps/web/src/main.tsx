import './styles/tokens.css'
import './styles/reset.css'
import './styles/global.css'
import { render } from 'solid-js/web'
import { App } from './app.tsx'
import { reloadOnceFor } from './shell/reload.ts'

// the server has other files than this page knows: a newer BanGUI was installed
addEventListener('vite:preloadError', (event) => {
  if (reloadOnceFor(event.payload.message)) event.preventDefault()
})

const root = document.getElementById('root')
if (root) render(() => <App />, root)
