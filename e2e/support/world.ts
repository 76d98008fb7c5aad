import { createPrivateDaemon, type PrivateDaemon, type PrivateDaemonOptions } from '@bangui/fail2ban'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { BanguiOptions } from '../../apps/server/test/bangui-process.ts'
import { environmentOf } from '../../apps/server/test/daemon-environment.ts'
import { startFlakyProxy, type FlakyProxy } from '../../apps/server/test/flaky-proxy.ts'
import { startBuilt, unattended, type BanguiProcess } from './bangui.ts'
import { keepFailure } from './screens.ts'
import { createVisitor, signIn, type Visitor, type VisitorOptions } from './visitor.ts'

/** The real things of one test; all of them end with it. */
export interface World extends AsyncDisposable {
  /** Starts a private fail2ban. */
  daemon(options?: PrivateDaemonOptions): Promise<PrivateDaemon>
  /** Starts the built server, set up, for a daemon. */
  bangui(daemon: PrivateDaemon, env?: Record<string, string>): Promise<BanguiProcess>
  /** Starts the built server with an environment of the test. */
  serve(env: Record<string, string>, options?: Omit<BanguiOptions, 'program'>): Promise<BanguiProcess>
  proxy(target: string): Promise<FlakyProxy>
  folder(): Promise<string>
  /** Opens a browser window; with a URL, signed in and on that page. */
  visitor(url?: string, options?: VisitorOptions): Promise<Visitor>
  /** errors that are not visible in any browser window */
  readonly faults: readonly string[]
  /** Stores a screenshot of every open page, to show where a test failed. */
  keepPictures(title: string): Promise<void>
}

/** Creates an empty world. */
export function createWorld(browser: Browser): World {
  const machines = new AsyncDisposableStack()
  const windows = new AsyncDisposableStack()
  const visitors: Visitor[] = []
  const serve: World['serve'] = async (env, options) => {
    const bangui = machines.use(await startBuilt(env, options))
    // a demo stops its fail2ban only on a clean end
    machines.defer(async () => void (await bangui.kill('SIGTERM')))
    return bangui
  }
  return {
    serve,
    async daemon(options) {
      const daemon = machines.use(await createPrivateDaemon(options))
      await daemon.start()
      return daemon
    },
    bangui: (daemon, env) =>
      serve({ ...environmentOf(daemon), ...unattended, BANGUI_PROBE_INTERVAL_SECONDS: '1', ...env }),
    proxy: async (target) => machines.use(await startFlakyProxy(target)),
    async folder() {
      const path = await mkdtemp(join(tmpdir(), 'bangui-e2e-'))
      machines.defer(() => rm(path, { recursive: true, force: true }))
      return path
    },
    async visitor(url, visitorOptions) {
      const visitor = windows.use(await createVisitor(browser, visitorOptions))
      visitors.push(visitor)
      if (url !== undefined) {
        await signIn(visitor, url)
        await visitor.page.goto(url)
      }
      return visitor
    },
    get faults() {
      return visitors.flatMap((visitor) => visitor.faults.found)
    },
    async keepPictures(title) {
      const pages = visitors.flatMap((visitor) => visitor.context.pages())
      await Promise.all(pages.map((page, index) => keepFailure(page, `${title} ${index + 1}`)))
    },
    async [Symbol.asyncDispose]() {
      // a page must not notice that its server stops
      await windows.disposeAsync()
      await machines.disposeAsync()
    },
  }
}
