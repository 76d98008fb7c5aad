import { reloadOnceFor } from './reload.ts'

/**
 * A part of the page could not be fetched. Where the server answers, it has other files than this page knows (a newer
 * BanGUI was installed): the page is loaded anew. Where it does not, what is on screen is all there is for now.
 */
export async function onMissingPart(
  cause: string,
  {
    ask = () => fetch(new URL('api/health', document.baseURI), { cache: 'no-store' }),
    reload = reloadOnceFor,
  } = {},
): Promise<void> {
  try {
    const { ok } = await ask()
    if (ok) reload(cause)
  } catch {
    // the server is away; the live stream says so
  }
}
